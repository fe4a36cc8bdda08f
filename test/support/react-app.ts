import { type ChildProcess, execFile, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';
import { installPacked } from './packed.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);
const binary = (path: string): string => join(root, 'node_modules', path);

/** Starts the example server, and bans a user when told to. */
const script = `
import { directory } from './out/server/main.js';
process.on('message', (name) => {
  directory.setBanned(name, true);
  process.send('banned');
});
process.send('started');
`;

/** As `vite build` makes them. React mounts components twice in `development`, under StrictMode. */
export type Mode = 'production' | 'development';

export interface ReactApp {
  /** Serves the built page on an origin of its own, so that its storage is empty. */
  servePage(mode?: Mode): Promise<AsyncDisposable & { readonly origin: string }>;
  /** Starts the example server for pages of that origin. */
  startServer(origin: string, env?: Readonly<Record<string, string>>): Promise<ExampleServer>;
  dispose(): void;
}

export interface ExampleServer extends AsyncDisposable {
  ban(username: string): Promise<void>;
}

/** Builds `examples/react` with the package as it is packed. */
export async function buildReactApp(): Promise<ReactApp> {
  mkdirSync(join(root, '.tmp'), { recursive: true });
  const tree = mkdtempSync(join(root, '.tmp', 'react-'));
  const folder = join(tree, 'react');
  cpSync(join(root, 'examples/react'), folder, {
    recursive: true,
    filter: (path) => !/\/(?:dist|out)$/.test(path),
  });
  await installPacked(tree);
  const port = await freePort();
  const node = (path: string, args: readonly string[], env = {}) =>
    run(process.execPath, [binary(path), ...args], { cwd: folder, env: { ...process.env, ...env } });
  const build = (mode: Mode) =>
    node('vite/bin/vite.js', ['build', '--mode', mode, '--outDir', mode], {
      NODE_ENV: mode,
      VITE_SERVER_URL: `http://127.0.0.1:${port}`,
    });
  await Promise.all([
    node('typescript/bin/tsc', []),
    node('typescript/bin/tsc', ['-p', 'server']),
    build('production').then(() => build('development')),
  ]);
  writeFileSync(join(folder, 'server.mjs'), script);
  return {
    servePage: (mode = 'production') => serveFiles(join(folder, mode)),
    startServer: (origin, env = {}) => start(folder, { PORT: String(port), ORIGINS: origin, ...env }),
    dispose: () => rmSync(tree, { recursive: true }),
  };
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
};

async function serveFiles(folder: string) {
  const server = createServer(({ url = '/' }, response) => {
    const path = url === '/' ? '/index.html' : url;
    response.setHeader('content-type', types[extname(path)] ?? 'text/plain');
    response.end(readFileSync(join(folder, path)));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function start(folder: string, env: Readonly<Record<string, string>>): Promise<ExampleServer> {
  const child = fork(join(folder, 'server.mjs'), {
    // Nest writes warnings to the standard output, such as those of the security log.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, WS_AUTH_SECRET: randomBytes(32).toString('base64url'), ...env },
  });
  const exited = once(child, 'exit');
  await told(child, 'started');
  return {
    async ban(username) {
      const banned = told(child, 'banned');
      child.send(username);
      await banned;
    },
    async [Symbol.asyncDispose]() {
      child.kill();
      await exited;
    },
  };
}

async function told(child: ChildProcess, word: string): Promise<void> {
  const [said] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as unknown[];
  if (said !== word) throw new Error(`The example server ended with ${String(said)} before it was ${word}`);
}
