import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/**
 * Which of what it confirms a Redis has written: all of it, at the price of a disk's pace; or what was confirmed until its
 * disk became busy, a second or two ago.
 */
type Appendfsync = 'always' | 'everysec';

export const NO_REDIS = "Cannot find 'redis-server'; install it (Debian: apt-get install redis-server)";

/** Where the binary is, by REDIS_SERVER or the PATH; undefined where there is none. */
export function redisServerPath(): string | undefined {
  const directories = (process.env['PATH'] ?? '').split(delimiter);
  const candidates = [process.env['REDIS_SERVER'] ?? '', ...directories.map((each) => join(each, 'redis-server'))];
  return candidates.find(isExecutable);
}

/** Those that are not stopped yet: who leaves in the middle leaves none behind. */
const left = new Set<RedisServer>();
process.on('exit', () => {
  for (const server of left) server.abandon();
});

/** A Redis of our own on a free port of the loopback interface. */
export class RedisServer {
  readonly url: string;
  readonly port: number;
  readonly #path: string;
  readonly #appendfsync: Appendfsync;
  readonly #directory = mkdtempSync(join(tmpdir(), 'redis-'));
  #process: ChildProcess | undefined;

  private constructor(path: string, port: number, appendfsync: Appendfsync) {
    this.#path = path;
    this.#appendfsync = appendfsync;
    this.port = port;
    this.url = `redis://127.0.0.1:${port}`;
    left.add(this);
  }

  /** @throws TypeError where there is no `redis-server` */
  static async start(appendfsync: Appendfsync = 'everysec'): Promise<RedisServer> {
    const path = redisServerPath();
    if (path === undefined) throw new TypeError(NO_REDIS);
    const server = new RedisServer(path, await freePort(), appendfsync);
    await server.restart();
    return server;
  }

  get running(): boolean {
    return this.#process !== undefined;
  }

  /** Starts it, with what it had kept. Resolves once it takes connections. */
  async restart(): Promise<void> {
    const options = {
      port: this.port,
      bind: '127.0.0.1',
      dir: this.#directory,
      appendonly: 'yes',
      appendfsync: this.#appendfsync,
      save: '',
    };
    const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const child = spawn(this.#path, flags, { stdio: ['ignore', 'pipe', 'ignore'] });
    this.#process = child;
    child.once('exit', () => (this.#process = undefined));
    let said = '';
    for await (const chunk of child.stdout) {
      said += String(chunk);
      if (said.includes('Ready to accept connections')) break;
    }
    if (!said.includes('Ready to accept connections')) throw new Error(`redis-server did not start: ${said}`);
    child.stdout.resume();
  }

  /** As a machine that fails: nothing is said to anyone. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (child === undefined) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  async stop(): Promise<void> {
    await this.kill();
    this.abandon();
  }

  /** At once, and without a look back. */
  abandon(): void {
    left.delete(this);
    this.#process?.kill('SIGKILL');
    rmSync(this.#directory, { recursive: true, force: true, maxRetries: 3 });
  }
}

function isExecutable(path: string): boolean {
  try {
    if (path === '') return false;
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
