import {
  Controller,
  type DynamicModule,
  HttpCode,
  Module,
  type NestApplicationOptions,
  Post,
  Req,
} from '@nestjs/common';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import type { Request } from 'express';
import expressSession, { MemoryStore } from 'express-session';
import { User } from '../../gateways/principal.ts';
import { WsAuthModule } from '../../gateways/ws-auth.module.ts';
import { WsAuthService } from '../../gateways/ws-auth.service.ts';
import { WsManager } from '../../gateways/ws-manager.ts';
import { ManualClock } from '../../harness/app/manual-clock.ts';
import handshakeOnly from '../../strategies/handshake-only/index.ts';
import session from '../../strategies/session/index.ts';
import { bearer } from '../../strategies/shared/access-tokens/index.ts';
import type { Principal } from '../../strategies/strategy.ts';
import { serve } from './served-app.ts';
import { TestClient } from './test-client.ts';

/** How long a token lives, in ms. It must be less than the 30 s after which a session is loaded again. */
export const LIFETIME = 20_000;

class WhoAmI extends WsManager {
  @SubscribeMessage('whoami')
  whoAmI(@User() { subject }: Principal) {
    return { subject };
  }
}

@WebSocketGateway({ namespace: '/room' })
class RoomGateway extends WhoAmI {}

// Nest takes a namespace without its slash too.
@WebSocketGateway({ namespace: 'admin' })
class AdminGateway extends WhoAmI {}

@Controller()
class LoginController {
  @Post('login')
  @HttpCode(204)
  login(@Req() request: Request): void {
    Object.assign(request.session, { account: 'root' });
  }
}

export const userOf = (request: Request) => {
  const { account } = request.session as { account?: string };
  return account === undefined ? undefined : { subject: account, roles: ['admin'] };
};

export type Features = (middleware: ReturnType<typeof expressSession>, clock: ManualClock) => DynamicModule[];

export interface StartOptions {
  readonly root?: Partial<Parameters<typeof WsAuthModule.forRoot>[0]>;
  readonly nest?: NestApplicationOptions;
}

/** Tokens for `/room`, and the session of the application for `/admin`. */
export async function start(features?: Features, { root, nest }: StartOptions = {}) {
  const clock = new ManualClock();
  const store = new MemoryStore();
  const middleware = expressSession({ secret: 'of the application', store, resave: false, saveUninitialized: true });
  const ofAdmin = WsAuthModule.forFeature('/admin', { strategy: session, session: { middleware, user: userOf } });
  const ends = () => clock.now() + LIFETIME;
  const accessTokens = bearer({
    verify: (token) => (token.startsWith('token of ') ? token.slice(9) : undefined),
    principal: (subject) => ({ subject, issuedAt: clock.now(), expiresAt: ends() }),
  });
  @Module({
    imports: [
      ...(features?.(middleware, clock) ?? [ofAdmin]),
      WsAuthModule.forRoot({ strategy: handshakeOnly, accessTokens, clock, ...root }),
    ],
    controllers: [LoginController],
    providers: [RoomGateway, AdminGateway],
  })
  class AppModule {}
  const { app, url } = await serve(AppModule, { middleware, ...(nest && { nest }) });
  const login = await fetch(`${url}/login`, { method: 'POST' });
  const cookie = login.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const connect = (namespace: string, auth: object, headers?: Record<string, string>) =>
    new TestClient(`${url}${namespace}`, auth, headers);
  return { app, clock, cookie, connect, auth: app.get(WsAuthService) };
}
