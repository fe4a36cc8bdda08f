import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Server } from 'socket.io';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AppOptions } from '../harness/app/app.ts';
import { Scenario } from '../harness/app/scenario.ts';
import { fromAuth, fromHeader } from '../strategies/shared/access-tokens/index.ts';
import { loadStrategies } from '../strategies/registry.ts';
import type { Strategy } from '../strategies/strategy.ts';
import { TestClient } from './support/test-client.ts';

/** How long each credential lives, in ms of the manual clock, and in which steps that time passes. */
const LIFETIME = 60_000;
const STEP = 250;

/** Debian's packages are for this one. Another one may come first in the path. */
const PYTHON = '/usr/bin/python3';
const hasPython = spawnSync(PYTHON, ['-c', 'import socketio, websocket']).status === 0;

/** A script of `examples/clients/`, what runs it, and what the server needs beside its defaults. */
interface Client {
  readonly title: string;
  readonly command: readonly [program: string, script: string];
  readonly options?: AppOptions;
}

const clients: readonly Client[] = [
  { title: 'a plain socket.io-client', command: [process.execPath, 'plain.mjs'] },
  {
    title: 'a client that sets headers alone',
    command: [process.execPath, 'header-only.mjs'],
    options: { extractToken: [fromAuth(), fromHeader()] },
  },
  {
    title: `python-socketio${hasPython ? '' : ' (skipped: python3-socketio or python3-websocket is not installed)'}`,
    command: [PYTHON, 'python.py'],
  },
];

const strategies = (await loadStrategies()).filter(({ role }) => role === 'strategy');

/** The names of the events of the protocol that the server has sent, in their order. */
function watchedEvents() {
  const sent: string[] = [];
  const onServer = (server: Server) =>
    server.engine.on(
      'connection',
      (conn: { on(event: string, listener: (packet: { data?: unknown }) => void): void }) =>
        conn.on('packetCreate', ({ data }) => {
          const [, name] = /\["(auth:\w+)"/.exec(String(data)) ?? [];
          if (name !== undefined) sent.push(name);
        }),
    );
  return { sent, onServer };
}

const readsTokens = ({ httpEndpoints }: Strategy): boolean => httpEndpoints.includes('refresh');

it.each(strategies.filter(readsTokens).map((one) => [one.id, one] as const))(
  'unless the application says so, %s reads no token from a header',
  async (_, strategy) => {
    const scenario = await Scenario.start(strategy, 'hardened');
    onTestFinished(() => scenario.dispose());
    const { auth } = (await scenario.signedIn(await scenario.user())).connectOptions();
    const authorization = `Bearer ${String(auth?.['token'])}`;
    expect(await new TestClient(`${scenario.app.url}/chat`, {}, { authorization }).answered).toBe('unauthenticated');
    expect(await new TestClient(`${scenario.app.url}/chat`, auth).answered).toBe('connected');
  },
);

describe.each(clients)('$title', ({ title, command: [program, script], options }) => {
  it.skipIf(title.includes('skipped')).each(strategies.map((strategy) => [strategy.id, strategy] as const))(
    'signs in, connects, speaks, renews, expires and is refused with %s, by PROTOCOL.md alone',
    { timeout: 60_000 },
    async (_, strategy) => {
      const { sent, onServer } = watchedEvents();
      const lifetimes = { accessToken: LIFETIME, wsToken: LIFETIME, sessionIdle: LIFETIME };
      const scenario = await Scenario.start(strategy, 'hardened', {
        lifetimes,
        onServer,
        ...(readsTokens(strategy) && options),
      });
      onTestFinished(() => scenario.dispose());
      const { username, password } = await scenario.user();
      const child = spawn(program, [script], {
        cwd: fileURLToPath(new URL('../examples/clients/', import.meta.url)),
        env: { SERVER_URL: scenario.app.url, SERVER_USER: username, SERVER_PASSWORD: password },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      onTestFinished(() => void child.kill());
      const exited = once(child, 'exit');
      /** Lets time pass until the server has sent one of these events. */
      const passUntil = async (...events: string[]) => {
        const before = sent.length;
        while (!sent.slice(before).some((name) => events.includes(name))) {
          scenario.clock.advance(STEP);
          await scenario.roundTrip();
        }
      };
      const lines: string[] = [];
      for await (const line of createInterface({ input: child.stdout })) {
        lines.push(line);
        if (line === 'waiting for the credential to end') await passUntil('auth:renew', 'auth:cut');
        if (line === 'waiting for the cut') await passUntil('auth:cut');
      }
      await exited;
      expect(lines.join('\n')).toContain('the sign-out ended the connection');
      expect(child.exitCode).toBe(0);
      const { renewal } = strategy.variants.hardened.supports;
      expect(lines).toContain(`said: renewed after auth:${renewal === 'in-band' ? 'renew' : 'cut'}`);
    },
  );
});
