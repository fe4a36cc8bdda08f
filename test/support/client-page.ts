import type { Server } from 'node:http';
import { Controller, type DynamicModule, Get, Header, Module } from '@nestjs/common';
import { type AppOptions, type RunningApp, startApp } from '../../harness/app/app.ts';
import { ManualClock } from '../../harness/app/manual-clock.ts';
import { TokenService } from '../../strategies/shared/tokens/token-service.ts';
import type { AuthSocket } from '../../strategies/shared/client/auth-socket.ts';
import { bundleOf } from './bundle.ts';
import { freePort } from './free-port.ts';
import type { TokenStorage } from '../../strategies/shared/client/token-storage.ts';
import type { CreateClient, Strategy, StrategyClient } from '../../strategies/strategy.ts';

/** The globals that the scripts of these tests find in the page. */
export interface InPage {
  kit: {
    AuthSocket: typeof AuthSocket;
    createClient: CreateClient;
    createCookieClient: CreateClient;
  };
  localStorage: TokenStorage & { length: number };
  location: { origin: string };
  client: StrategyClient;
  socket: AuthSocket;
}

export interface ServedPage {
  readonly app: RunningApp;
  readonly clock: ManualClock;
  readonly url: string;
  /** The refresh tokens that came to the server. */
  readonly presented: unknown[];
  readonly reused: unknown[];
}

const script = bundleOf(`
  import { AuthSocket, failures } from './strategies/shared/client/auth-socket.ts';
  import { createClient, createCookieClient } from './strategies/connection-lease/client.ts';
  import { createTokenClient } from './strategies/shared/client/access-token-client.ts';
  Object.assign(window, { kit: { AuthSocket, failures, createClient, createCookieClient, createTokenClient } });
`);

@Module({})
class PageModule {}

/** A page of the server's own origin that has loaded the client half. */
async function pageModule(): Promise<DynamicModule> {
  const text = await script;
  @Controller()
  class PageController {
    @Get('page')
    @Header('content-type', 'text/html')
    page(): string {
      return '<!doctype html><title>A client</title><script type="module" src="/client.js"></script>';
    }

    @Get('client.js')
    @Header('content-type', 'text/javascript')
    client(): string {
      return text;
    }
  }
  return { module: PageModule, controllers: [PageController] };
}

/** Starts a server whose page may connect to it, under a clock that passes when told to. */
export async function servePage(strategy: Strategy, options: AppOptions = {}): Promise<ServedPage> {
  const port = await freePort();
  const clock = new ManualClock();
  const presented: unknown[] = [];
  const reused: unknown[] = [];
  const app = await startApp(strategy, {
    variant: 'hardened',
    clock,
    port,
    origins: [`http://127.0.0.1:${port}`],
    imports: [await pageModule()],
    report: ({ event }) => event === 'reuse' && reused.push(event),
    limits: false,
    ...options,
  });
  const tokens = app.app.get(TokenService, { strict: false });
  const refresh = tokens.refresh.bind(tokens);
  tokens.refresh = (token, ...rest) => {
    presented.push(token);
    return refresh(token, ...rest);
  };
  return { app, clock, url: app.url, presented, reused };
}

/** A browser keeps connections open that it may need later; the server does not wait for them. */
export async function closeNow({ app }: ServedPage): Promise<void> {
  (app.app.getHttpServer() as Server).closeAllConnections();
  await app.close();
}
