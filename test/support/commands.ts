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

/** Between the help texts of two commands, on a line of its own. */
const NEXT = '--- next';

/**
 * The help texts of commands, which one process prints one after the other. `error` holds the packages of CommonJS that this
 * took.
 */
export async function help(scripts: readonly string[]): Promise<Omit<Ended, 'out'> & { readonly texts: string[] }> {
  const watch = fileURLToPath(new URL('loaded-packages.cjs', import.meta.url));
  const code = `
    process.argv = [process.argv[0], '', '--help'];
    // Each command listens for the end of the pipe.
    process.stdout.setMaxListeners(0);
    for (const script of ${JSON.stringify(scripts)}) {
      await import(process.cwd() + '/dist/scripts/' + script + '.js');
      console.log('${NEXT}');
    }`;
  const { out, ...ended } = await node('--require', watch, '--input-type=module', '--eval', code).ended;
  return { ...ended, texts: out.split(`${NEXT}\n`).slice(0, -1) };
}

export const run = (script: string, ...args: string[]): Promise<Ended> => start(script, ...args).ended;

/** One process for commands that do little, one after the other; end it after the tests. */
export class Commands {
  readonly #child = fork(new URL('commands-process.mjs', import.meta.url), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });

  async run(script: string, ...args: readonly string[]): Promise<Ended> {
    this.#child.send({ script, args });
    const [ended] = (await once(this.#child, 'message')) as [Ended];
    return ended;
  }

  end(): void {
    this.#child.disconnect();
  }
}
