import { createHash, randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AppModule } from '../gateways/app.module.ts';
import { AuthAdapter } from '../gateways/auth.adapter.ts';
import { type ConnectionCounters, Connections } from '../gateways/connections.ts';
import { NotificationsGateway } from '../gateways/notifications.gateway.ts';
import type { WsAuthOptions } from '../gateways/options.ts';
import { MemoryDirectory, type NewUser, type PasswordHash, scryptHash } from '../strategies/shared/directory.ts';
import type { Strategy } from '../strategies/strategy.ts';

/** A user as a client needs it. The subject is the user name, so that the open door can name itself too. */
export interface TestUser {
  readonly subject: string;
  readonly username: string;
  readonly password: string;
}

export interface AppOptions extends Partial<Omit<WsAuthOptions, 'directory'>> {
  /** `fast`: sign-ins do not spend scrypt's 40 ms. The passwords are random and as long as keys, so a hash is enough. */
  readonly passwords?: 'scrypt' | 'fast';
}

export interface RunningApp {
  readonly url: string;
  readonly app: INestApplication;
  readonly directory: MemoryDirectory;
  addUser(name: string, roles?: readonly string[]): Promise<TestUser>;
  push(subject: string, notification: unknown): void;
  counters(): ConnectionCounters;
  close(): Promise<void>;
}

const fastHash: PasswordHash = async (password, salt) => createHash('sha256').update(salt).update(password).digest();

/** Starts the application with one strategy, in this process, on a free port of the loopback interface. */
export async function startApp(
  strategy: Strategy,
  { passwords = 'fast', ...options }: AppOptions = {},
): Promise<RunningApp> {
  const directory = new MemoryDirectory(passwords === 'fast' ? fastHash : scryptHash);
  const secret = randomBytes(32).toString('base64url');
  const module = AppModule.with(strategy, { secret, ...options, directory });
  const app = await NestFactory.create(module, { logger: ['fatal'], abortOnError: false });
  app.useWebSocketAdapter(new AuthAdapter(app));
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  const notifications = app.get(NotificationsGateway, { strict: false });
  const connections = app.get(Connections, { strict: false });
  return {
    url: `http://127.0.0.1:${port}`,
    app,
    directory,
    addUser: (name, roles = []) => addUser(directory, { username: name, roles }),
    push: (subject, notification) => notifications.push(subject, notification),
    counters: () => connections.counters(),
    close: () => app.close(),
  };
}

async function addUser(directory: MemoryDirectory, { username, roles }: Omit<NewUser, 'password'>): Promise<TestUser> {
  const password = randomBytes(24).toString('base64url');
  const { subject } = await directory.add({ subject: username, username, password, ...(roles && { roles }) });
  return { subject, username, password };
}
