import { Module } from '@nestjs/common';
import { JwtModule, JwtService } from '@nestjs/jwt';
import { bearer, fromCookie } from 'nest-ws-auth-lab/access-tokens';
import { WsAuthModule } from 'nest-ws-auth-lab/gateways';
import handshakeOnly from 'nest-ws-auth-lab/strategies/handshake-only';
import { AuthController } from './auth.controller.js';
import { ChatGateway } from './chat.gateway.js';

@Module({
  imports: [
    JwtModule.registerAsync({
      global: true,
      useFactory: () => ({ secret: process.env['JWT_SECRET'], signOptions: { expiresIn: '15m' } }),
    }),
    WsAuthModule.forRootAsync({
      strategy: handshakeOnly,
      http: false,
      inject: [JwtService],
      useFactory: (jwt: JwtService) => ({
        accessTokens: bearer({ verify: (token) => jwt.verifyAsync(token) }),
        extractToken: [fromCookie('access_token')],
        origins: ['https://app.example'],
      }),
    }),
  ],
  controllers: [AuthController],
  providers: [ChatGateway],
})
export class AppModule {}
