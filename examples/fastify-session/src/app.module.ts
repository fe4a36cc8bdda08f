import { Module } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { WsAuthModule } from 'nest-ws-auth-lab/gateways';
import session from 'nest-ws-auth-lab/strategies/session';
import { AuthController } from './auth.controller.js';
import { ChatGateway } from './chat.gateway.js';
import { sessionsOf } from './sessions.js';

@Module({
  imports: [
    WsAuthModule.forRootAsync({
      strategy: session,
      http: false,
      inject: [HttpAdapterHost],
      useFactory: (host: HttpAdapterHost) => ({ session: sessionsOf(host), origins: ['https://app.example'] }),
    }),
  ],
  controllers: [AuthController],
  providers: [ChatGateway],
})
export class AppModule {}
