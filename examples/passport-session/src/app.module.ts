import { Module } from '@nestjs/common';
import { PassportModule } from '@nestjs/passport';
import { WsAuthModule } from 'nest-ws-auth-lab/gateways';
import session from 'nest-ws-auth-lab/strategies/session';
import { AuthController } from './auth.controller.js';
import { ChatGateway } from './chat.gateway.js';
import { LocalStrategy } from './local.strategy.js';
import { type Account, middleware } from './middleware.js';

@Module({
  imports: [
    PassportModule.register({ session: true }),
    WsAuthModule.forRoot({
      strategy: session,
      session: { middleware, user: ({ user }) => user && { subject: (user as Account).id, roles: [] } },
    }),
  ],
  controllers: [AuthController],
  providers: [LocalStrategy, ChatGateway],
})
export class AppModule {}
