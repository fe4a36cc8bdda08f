import { createHash, randomBytes } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { io, type Socket } from 'socket.io-client';
import { onTestFinished, vi } from 'vitest';
import type { Carried } from '../../harness/probes/forgery.ts';
import type { Peer, RunningPeer } from '../../peers/peer.ts';
import { MemoryDirectory } from '../../strategies/shared/accounts/directory.ts';
import type { StrategyClient, UserDirectory } from '../../strategies/strategy.ts';

/** What came of a client that connected and spoke. */
export interface Outcome {
  /** What it heard first of these, after its `connect` if there was one. */
  readonly end: 'answered' | 'connect_error' | 'disconnect' | 'exception';
  readonly connected: boolean;
  /** The ack, the error of the CONNECT, the reason of the disconnect or the exception. */
  readonly told: unknown;
  readonly socket: Socket;
}

/** And whatever shall be different of the directory that the peer sees. */
export interface LabOptions extends Partial<UserDirectory> {
  /** Of a credential, in ms. */
  readonly lifetime?: number;
  readonly secret?: string;
}

const random = (): string => randomBytes(32).toString('base64url');

/** A peer that runs for the length of a test, with users of its own. */
export class PeerLab {
  readonly peer: Peer;
  readonly url: string;
  readonly secret: string;
  readonly directory: MemoryDirectory;

  readonly #running: RunningPeer;
  #closing: Promise<void> | undefined;

  private constructor(peer: Peer, running: RunningPeer, secret: string, directory: MemoryDirectory) {
    this.peer = peer;
    this.url = running.url;
    this.secret = secret;
    this.directory = directory;
    this.#running = running;
    onTestFinished(() => this.close());
  }

  static async start(
    peer: Peer,
    { lifetime = 60_000, secret = random(), ...change }: LabOptions = {},
  ): Promise<PeerLab> {
    const users = new MemoryDirectory(async (password, salt) =>
      createHash('sha256').update(salt).update(password).digest(),
    );
    const directory: UserDirectory = {
      verifyPassword: (username, password) => users.verifyPassword(username, password),
      find: (subject) => users.find(subject),
      onChange: (listener) => users.onChange(listener),
      ...change,
    };
    return new PeerLab(peer, await peer.start({ directory, secret, lifetime }), secret, users);
  }

  /** Sends a notification to whoever listens for the subject. */
  push(subject: string, notification: unknown): void {
    this.#running.push(subject, notification);
  }

  /** Once, however often it is asked for. */
  close(): Promise<void> {
    this.#closing ??= this.#running.close();
    return this.#closing;
  }

  async client(): Promise<StrategyClient> {
    return (await this.peer.client()).createClient({ url: this.url });
  }

  /** A new user's client, signed in. */
  async signedIn(subject: string, roles: readonly string[] = []): Promise<StrategyClient> {
    const password = random();
    await this.directory.add({ subject, username: subject, password, roles });
    const client = await this.client();
    await client.signIn(subject, password);
    return client;
  }

  /** A plain connection to the chat; its listeners can be set before it opens. */
  open(carried: Carried, namespace = '/chat'): Socket {
    const socket = io(this.url + namespace, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      ...carried,
    });
    onTestFinished(() => void socket.disconnect());
    return socket;
  }

  /** Connects, and says something as soon as it may. */
  attempt(carried: Carried): Promise<Outcome> {
    const socket = this.open(carried);
    let connected = false;
    return new Promise((resolve) => {
      const end = (what: Outcome['end']) => (told: unknown) => resolve({ end: what, connected, told, socket });
      socket.once('connect_error', end('connect_error'));
      socket.once('disconnect', end('disconnect'));
      socket.once('exception', end('exception'));
      socket.once('connect', () => {
        connected = true;
        socket.emit('sendMessage', { text: 'hello' }, end('answered'));
      });
    });
  }

  /** A token that the peer did not sign, with its own secret. */
  sign(payload: object, options: jwt.SignOptions = {}): string {
    return jwt.sign(payload, this.secret, options);
  }

  /** Lets time pass: for what reads the clock, and not for what waits. */
  static pass(ms: number): void {
    if (!vi.isFakeTimers()) {
      vi.useFakeTimers({ toFake: ['Date'] });
      onTestFinished(() => void vi.useRealTimers());
    }
    vi.setSystemTime(Date.now() + ms);
  }
}

export const inRoom = (carried: Carried, room: string): Carried => ({
  ...carried,
  auth: { ...(carried.auth as object | undefined), room },
});
