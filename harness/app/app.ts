import { createHash, randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { DynamicModule, INestApplication, LoggerService } from '@nestjs/common';
import { type AbstractHttpAdapter, NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import type { Server } from 'socket.io';
import { AppModule } from '../../gateways/example/app.module.ts';
import { AuthAdapter } from '../../gateways/auth.adapter.ts';
import { Connections } from '../../gateways/connections/connections.ts';
import type { ConnectionCounters } from '../../gateways/connections/counters.ts';
import { NotificationsGateway } from '../../gateways/example/notifications.gateway.ts';
import type { WsAuthOptions } from '../../gateways/options/ws-auth-options.ts';
import { WsAuthService } from '../../gateways/ws-auth.service.ts';
import { MemoryDirectory, type PasswordHash, scryptHash } from '../../strategies/shared/accounts/directory.ts';
import { systemClock } from '../../strategies/shared/clock.ts';
import { Authenticator, type Strategy } from '../../strategies/strategy.ts';
import { Spin } from './spin.ts';
import type { StoreSpec } from './store.ts';

/** A user as a client needs it. The subject is the user name, so that the no-auth baseline can name itself too. */
export interface TestUser {
  readonly subject: string;
  readonly username: string;
  readonly password: string;
}

export interface AppOptions extends Partial<Omit<WsAuthOptions, 'directory'>> {
  /** Shared with other nodes, or at least shareable; this process's memory unless told otherwise. */
  readonly store?: StoreSpec;
  /** `fast`: sign-ins do not spend scrypt's 40 ms. The passwords are random and as long as keys, so a hash is enough. */
  readonly passwords?: 'scrypt' | 'fast';
  /** Spent on each message besides, in us: a cost that is known, to see whether a measurement finds it. */
  readonly busyMicroseconds?: number;
  /** Where Nest logs to; nowhere but for what is fatal, unless told otherwise. */
  readonly logger?: LoggerService;
  /** One of its own unless told otherwise. */
  readonly directory?: MemoryDirectory;
  /** A free one unless told otherwise. */
  readonly port?: number;
  /** Makes the HTTP server: Express unless told otherwise. */
  readonly platform?: () => AbstractHttpAdapter;
  /** Modules that the application imports in addition to those of the example. */
  readonly imports?: readonly DynamicModule[];
  /** Called with the Socket.IO server before anyone can connect. */
  readonly onServer?: (server: Server) => void;
}

class WatchedAdapter extends AuthAdapter {
  readonly #watch: (server: Server) => void;

  constructor(app: INestApplication, watch: (server: Server) => void) {
    super(app);
    this.#watch = watch;
  }

  override createIOServer(...args: Parameters<AuthAdapter['createIOServer']>): Server {
    const server = super.createIOServer(...args);
    this.#watch(server);
    return server;
  }
}

export interface RunningApp {
  readonly url: string;
  readonly app: INestApplication;
  readonly directory: MemoryDirectory;
  addUser(name: string, roles?: readonly string[]): Promise<TestUser>;
  push(subject: string, notification: unknown): void;
  revoke(subject: string): Promise<void>;
  counters(): ConnectionCounters;
  close(): Promise<void>;
}

const fastHash: PasswordHash = async (password, salt) => createHash('sha256').update(salt).update(password).digest();

export const newDirectory = (passwords: 'scrypt' | 'fast'): MemoryDirectory =>
  new MemoryDirectory(passwords === 'fast' ? fastHash : scryptHash);

export const newSecret = (): string => randomBytes(32).toString('base64url');

/** Starts the application with one strategy, in this process, on a free port of the loopback interface. */
export async function startApp(strategy: Strategy, { store, ...options }: AppOptions = {}): Promise<RunningApp> {
  if (store === undefined) return listen(strategy, options);
  // Only where it is needed: the client of Redis takes a third of a second to load.
  const { openStore } = await import('./store.ts');
  const opened = await openStore(store, options.clock ?? systemClock);
  try {
    const running = await listen(strategy, { ...options, ...opened.options });
    const close = async (): Promise<void> => {
      await running.close();
      await opened.close();
    };
    return { ...running, close };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

async function listen(
  strategy: Strategy,
  {
    passwords = 'fast',
    busyMicroseconds = 0,
    port: wanted = 0,
    onServer = () => {},
    logger,
    platform = () => new ExpressAdapter(),
    imports = [],
    ...options
  }: Omit<AppOptions, 'store'>,
): Promise<RunningApp> {
  const directory = options.directory ?? newDirectory(passwords);
  const example = AppModule.with(strategy, { secret: newSecret(), ...options, directory });
  const module = { ...example, imports: [...(example.imports ?? []), ...imports] };
  const app = await NestFactory.create(module, platform(), { logger: logger ?? ['fatal'], abortOnError: false });
  if (busyMicroseconds > 0) slowDown(app.get<Authenticator>(Authenticator, { strict: false }), busyMicroseconds);
  app.useWebSocketAdapter(new WatchedAdapter(app, onServer));
  await app.listen(wanted, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  const notifications = app.get(NotificationsGateway, { strict: false });
  const connections = app.get(Connections, { strict: false });
  return {
    url: `http://127.0.0.1:${port}`,
    app,
    directory,
    addUser: (name, roles) => addUser(directory, name, roles),
    push: (subject, notification) => notifications.push(subject, notification),
    revoke: (subject) => app.get(WsAuthService, { strict: false }).revoke({ subject }),
    counters: () => connections.counters(),
    close: () => app.close(),
  };
}

/** Adds a user with a random password; the subject is the name. */
export async function addUser(
  directory: MemoryDirectory,
  username: string,
  roles: readonly string[] = [],
): Promise<TestUser> {
  const password = randomBytes(24).toString('base64url');
  const { subject } = await directory.add({ subject: username, username, password, roles });
  return { subject, username, password };
}

function slowDown(authenticator: Authenticator, microseconds: number): void {
  const authorize = authenticator.authorize.bind(authenticator);
  const spin = new Spin(microseconds);
  authenticator.authorize = (connection) => {
    spin.spend();
    return authorize(connection);
  };
}
