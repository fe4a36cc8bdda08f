import { Module } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { fromAuth, fromHeader, oidc } from 'nest-ws-auth-lab/access-tokens';
import { WsAuthModule } from 'nest-ws-auth-lab/gateways';
import connectionLease from 'nest-ws-auth-lab/strategies/connection-lease';
import { OrdersGateway } from './orders.gateway.js';
import { ProfileController } from './profile.controller.js';

@Module({
  imports: [
    ConfigModule.forRoot({ isGlobal: true }),
    WsAuthModule.forRootAsync({
      strategy: connectionLease,
      http: false,
      inject: [ConfigService],
      useFactory: (config: ConfigService) => ({
        accessTokens: oidc({ issuer: config.getOrThrow('OIDC_ISSUER'), audience: config.getOrThrow('OIDC_AUDIENCE') }),
        extractToken: [fromAuth(), fromHeader()],
      }),
    }),
  ],
  controllers: [ProfileController],
  providers: [OrdersGateway],
})
export class AppModule {}
