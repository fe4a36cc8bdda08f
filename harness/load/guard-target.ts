import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import type { Socket } from 'socket.io';
import { AuthGuard } from '../../gateways/messages/auth.guard.ts';
import { ChatGateway } from '../../gateways/example/chat.gateway.ts';
import { Connections } from '../../gateways/connections/connections.ts';
import { RefusalException } from '../../gateways/refusal.exception.ts';
import { loadStrategy } from '../../strategies/registry.ts';
import { AuthSocket } from '../../strategies/shared/client/auth-socket.ts';
import type { StrategyClient } from '../../strategies/strategy.ts';
import { type RunningApp, startApp } from '../app/app.ts';
import { presenting } from '../app/client-connection.ts';
import type { EntrySpec } from '../app/entry.ts';
import { forge, withCredential } from '../probes/forgery.ts';

/** Whose guard is measured: an app of this project, which peers are not. */
export type GuardSpec = Extract<EntrySpec, { kind: 'strategy' }>;

/** A started app, the guard that Nest created in it, and a client that is connected to it over loopback. */
export class GuardTarget {
  readonly #app: RunningApp;
  readonly #guard: AuthGuard;
  /** The server's end of the latest CONNECT that was decided. */
  #latest: Socket | undefined;
  #client!: StrategyClient;
  #connection!: AuthSocket;
  #socket!: Socket;

  private constructor(app: RunningApp) {
    this.#app = app;
    this.#guard = app.app.get(AuthGuard, { strict: false });
    const connections = app.app.get(Connections, { strict: false });
    const begin = connections.begin.bind(connections);
    connections.begin = (socket, client) => begin((this.#latest = socket), client);
  }

  /** @throws where the client cannot sign in or connect */
  static async start({ id, variant, busyMicroseconds = 0 }: GuardSpec): Promise<GuardTarget> {
    const strategy = await loadStrategy(id);
    // The default lifetimes: a credential of minutes outlives a measurement of seconds.
    const target = new GuardTarget(await startApp(strategy, { variant, busyMicroseconds, limits: false }));
    try {
      await target.#admitClient((await strategy.client()).createClient({ url: target.#app.url }));
      return target;
    } catch (error) {
      await target.#app.close();
      throw error;
    }
  }

  /**
   * One decision on a message of the client, in a context of its own, as Nest makes one for each message.
   * @throws RefusalException, or rejects with one
   */
  decide(): boolean | Promise<boolean> {
    return this.#decideOn(this.#socket);
  }

  /**
   * What the guard decides otherwise than it should; undefined: nothing. It has to admit the client, and to refuse a probe
   * whose credential is forged, where `guarded`; otherwise it has to admit that too.
   */
  async fault(guarded: boolean): Promise<string | undefined> {
    if (!(await this.admitsClient())) return 'the guard refused a client that had signed in';
    if ((await this.#admitsForged()) !== guarded) return undefined;
    return guarded ? 'the guard admitted a forged credential' : 'the guard refused whom it should admit';
  }

  /** Whether the guard admits the client now. */
  admitsClient(): Promise<boolean> {
    return this.#admits(this.#socket);
  }

  async close(): Promise<void> {
    this.#connection.close();
    await this.#app.close();
  }

  async #admitClient(client: StrategyClient): Promise<void> {
    const { username, password } = await this.#app.addUser('client');
    await client.signIn(username, password);
    this.#connection = await this.#connect(client);
    this.#client = client;
    this.#socket = this.#latest!;
  }

  async #admitsForged(): Promise<boolean> {
    const forged = withCredential(this.#client.connectOptions(), forge);
    this.#latest = undefined;
    const connection = await this.#connect(presenting(this.#client, forged)).catch(() => undefined);
    try {
      if (this.#latest === undefined) throw new Error('The CONNECT of a forged credential was not decided');
      return await this.#admits(this.#latest);
    } finally {
      connection?.close();
    }
  }

  #connect(client: StrategyClient): Promise<AuthSocket> {
    return AuthSocket.connect(client, `${this.#app.url}/chat`, { recover: false, auth: { room: 'lobby' } });
  }

  async #admits(socket: Socket): Promise<boolean> {
    try {
      return await this.#decideOn(socket);
    } catch (error) {
      if (error instanceof RefusalException) return false;
      throw error;
    }
  }

  #decideOn(socket: Socket): boolean | Promise<boolean> {
    const args = [socket, MESSAGE, acknowledge, 'sendMessage'];
    const context = new ExecutionContextHost(args, ChatGateway, ChatGateway.prototype.send);
    context.setType('ws');
    return this.#guard.canActivate(context);
  }
}

const MESSAGE = { text: 'ping' };
const acknowledge = (): void => {};
