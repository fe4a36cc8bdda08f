import { Module, ValidationPipe } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { JwtModule, JwtService } from '@nestjs/jwt';
import { TypeOrmModule } from '@nestjs/typeorm';
import { bearer } from 'nest-ws-auth-lab/access-tokens';
import { WsAuthModule } from 'nest-ws-auth-lab/gateways';
import connectionLease from 'nest-ws-auth-lab/strategies/connection-lease';
import { AuthController } from './auth.controller.js';
import { AuthGuard } from './auth.guard.js';
import { ChatGateway } from './chat.gateway.js';
import { EnvelopeInterceptor } from './envelope.interceptor.js';
import { UsersController } from './users.controller.js';
import { UsersModule } from './users.module.js';
import { UsersService } from './users.service.js';

@Module({
  imports: [
    ConfigModule.forRoot({ isGlobal: true }),
    TypeOrmModule.forRoot({ type: 'sqljs', autoLoadEntities: true, synchronize: true }),
    JwtModule.registerAsync({
      global: true,
      inject: [ConfigService],
      useFactory: (config: ConfigService) => ({
        secret: config.getOrThrow<string>('JWT_SECRET'),
        signOptions: { expiresIn: Number(config.get('JWT_SECONDS', '900')) },
      }),
    }),
    WsAuthModule.forRootAsync({
      strategy: connectionLease,
      http: false,
      imports: [UsersModule],
      inject: [JwtService, UsersService],
      useFactory: (jwt: JwtService, users: UsersService) => ({
        accessTokens: bearer({ verify: (token) => jwt.verifyAsync(token), check: users.isActive }),
      }),
    }),
    UsersModule,
  ],
  controllers: [AuthController, UsersController],
  providers: [
    ChatGateway,
    { provide: APP_GUARD, useClass: AuthGuard },
    { provide: APP_INTERCEPTOR, useClass: EnvelopeInterceptor },
    { provide: APP_PIPE, useValue: new ValidationPipe({ whitelist: true, transform: true }) },
  ],
})
export class AppModule {}
