import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** A command as it is shipped: compiled, in a process of its own. */
export const start = (script: string, ...args: string[]): Started => node(`dist/scripts/${script}.js`, ...args);

function node(...args: string[]): Started {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, error] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (error += chunk.toString()));
  return { child, ended: once(child, 'close').then(([code]) => ({ code: code as number | null, out, error })) };
}

/** Prints its help text. `error` holds the packages of CommonJS that this took. */
export function help(script: string): Promise<Ended> {
  const watch = fileURLToPath(new URL('loaded-packages.cjs', import.meta.url));
  return node('--require', watch, `dist/scripts/${script}.js`, '--help').ended;
}

export const run = (script: string, ...args: string[]): Promise<Ended> => start(script, ...args).ended;

/** One process for commands that do nothing but refuse, one after the other; end it after the tests. */
export class Commands {
  readonly #child = fork(new URL('commands-process.mjs', import.meta.url), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });

  async run(script: string, ...args: readonly string[]): Promise<Omit<Ended, 'out'>> {
    this.#child.send({ script, args });
    const [ended] = (await once(this.#child, 'message')) as [Omit<Ended, 'out'>];
    return ended;
  }

  end(): void {
    this.#child.disconnect();
  }
}
