import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

/** A command as it is shipped: compiled, in a process of its own. */
export function start(script: string, ...args: string[]): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [`dist/scripts/${script}.js`, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, error] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (error += chunk.toString()));
  return { child, ended: once(child, 'close').then(([code]) => ({ code: code as number | null, out, error })) };
}

/** Prints its help text. `loaded` holds the packages of CommonJS that this took. */
export async function help(
  script: string,
): Promise<{ readonly out: string; readonly loaded: string; code: number | null }> {
  const watch = fileURLToPath(new URL('loaded-packages.cjs', import.meta.url));
  const child = spawn(process.execPath, ['--require', watch, `dist/scripts/${script}.js`, '--help']);
  const [out, loaded, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { out, loaded, code: code as number | null };
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
