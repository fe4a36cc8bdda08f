import type { AddressInfo } from 'node:net';
import type { INestApplication, Provider } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { onTestFinished } from 'vitest';
import { AuthAdapter } from '../../gateways/auth.adapter.ts';
import { ChatGateway } from '../../gateways/example/chat.gateway.ts';
import { ChatService } from '../../gateways/example/chat.service.ts';
import { Connections } from '../../gateways/connections/connections.ts';
import type { ConnectionCounters } from '../../gateways/connections/counters.ts';
import { NotificationsGateway } from '../../gateways/example/notifications.gateway.ts';
import type { WsAuthOptions } from '../../gateways/options/ws-auth-options.ts';
import { PresenceGateway } from '../../gateways/example/presence.gateway.ts';
import { WsAuthModule } from '../../gateways/ws-auth.module.ts';
import { MemoryDirectory } from '../../strategies/shared/accounts/directory.ts';
import type { Authenticator } from '../../strategies/strategy.ts';
import { ManualClock } from '../../harness/app/manual-clock.ts';
import { RawTransport } from '../../harness/app/raw-transport.ts';
import { TestClient } from './test-client.ts';
import { testStrategy } from './test-strategy.ts';

export interface TestServerOptions extends Partial<Omit<WsAuthOptions, 'clock'>> {
  /** The gateways, and what they inject; the application's own where none are given. */
  readonly gateways?: Provider[];
  readonly clock?: ManualClock;
  /** Called with the application before it binds its gateways. */
  readonly prepare?: (app: INestApplication) => void;
}

const application: Provider[] = [ChatService, ChatGateway, PresenceGateway, NotificationsGateway];

/** A server of this test alone, with the gateways and the authenticator that it is about; gone when the test is. */
export class TestServer {
  readonly app: INestApplication;
  readonly url: string;
  readonly clock: ManualClock;
  #closing: Promise<void> | undefined;

  private constructor(app: INestApplication, clock: ManualClock) {
    this.app = app;
    this.clock = clock;
    const { port } = app.getHttpServer().address() as AddressInfo;
    this.url = `http://127.0.0.1:${port}`;
  }

  static async start(
    authenticator: Authenticator,
    { gateways = application, clock = new ManualClock(), prepare = () => {}, ...options }: TestServerOptions = {},
  ): Promise<TestServer> {
    const secret = 'the secret of a test, long enough';
    const directory = new MemoryDirectory();
    const auth = WsAuthModule.forRoot({ strategy: testStrategy(authenticator), secret, directory, clock, ...options });
    const module = await Test.createTestingModule({ imports: [auth], providers: gateways }).compile();
    const app = module.createNestApplication({ logger: false });
    app.useWebSocketAdapter(new AuthAdapter(app));
    prepare(app);
    await app.listen(0, '127.0.0.1');
    const server = new TestServer(app, clock);
    onTestFinished(() => server.close());
    return server;
  }

  /** Once: an application that is closed again drains again. */
  close(): Promise<void> {
    this.#closing ??= this.app.close();
    return this.#closing;
  }

  /** Asks for a namespace; `answered` says what came of it. */
  connect(namespace: string, auth?: object, headers?: Record<string, string>): TestClient {
    return new TestClient(this.url + namespace, auth, headers);
  }

  async raw(headers: Record<string, string> = {}): Promise<RawTransport> {
    const transport = await RawTransport.open(this.url, headers);
    onTestFinished(() => transport.close());
    return transport;
  }

  counters(): ConnectionCounters {
    return this.app.get(Connections, { strict: false }).counters();
  }
}
