import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';

/** How a process of ours is started. */
export interface Launch {
  /** The Node that runs it; this one unless told otherwise. */
  readonly node?: string;
  /** Flags of Node; a fixed young generation unless told otherwise. */
  readonly flags?: readonly string[];
  /** Lets V8 optimize while it starts, as in a process that nobody measures. */
  readonly optimizesStart?: boolean;
}

/**
 * V8 lets the young generation of a process grow or stay small, by how its first second of load arrives, and one that
 * stays small costs up to 1.7 times as much CPU. So all processes of a run get one size, in MiB: V8's default maximum.
 */
const SEMI_SPACE = 16;
/**
 * V8 may begin to allocate in the old generation what survived its first collections. In some processes the garbage of every
 * message then lives until the next full collection, and a message costs 1.8 times as much.
 */
const NO_PRETENURING = '--no-allocation-site-pretenuring';

/** Returns Node's flags for semi-spaces of a fixed size, in MiB, without pretenuring. */
export const fixedHeap = (semiSpace: number): string[] => [
  `--min-semi-space-size=${semiSpace}`,
  `--max-semi-space-size=${semiSpace}`,
  NO_PRETENURING,
];
export const fixedFlags = fixedHeap(SEMI_SPACE);

/** Which core the load generator keeps to, and which one the servers. */
export interface Cores {
  readonly generator: number;
  readonly servers: number;
}

/** Two cores that this process may use; undefined where it has one, or where there is no `taskset` that keeps a process to one. */
export function coresOf(): Cores | undefined {
  const list = ownCores();
  if (list === undefined) return undefined;
  const allowed = listedCores(list);
  const [generator, servers] = [allowed[0], allowed.at(-1)];
  return generator === undefined || servers === undefined || generator === servers ? undefined : { generator, servers };
}

/** Keeps a process, all of its threads, to a core. Best called once it is up: what boots may use every core. */
export const pin = (pid: number, core: number): Promise<void> => allow(pid, `${core}`);

/** Lets a process that was pinned use every core of this one again. */
export const unpin = (pid: number): Promise<void> => allow(pid, ownCores()!);

async function allow(pid: number, cores: string): Promise<void> {
  await promisify(execFile)('taskset', ['-a', '-pc', cores, `${pid}`]);
}

/** The cores of this process as Linux lists them; undefined where there is no `taskset`. */
function ownCores(): string | undefined {
  try {
    const shown = execFileSync('taskset', ['-pc', `${process.pid}`], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return shown.slice(shown.lastIndexOf(':') + 1).trim();
  } catch {
    return undefined;
  }
}

/** As Linux lists them: `0,2-4`. */
const listedCores = (list: string): number[] =>
  list.split(',').flatMap((range) => {
    const [first = NaN, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 || 0 }, (_, index) => first + index);
  });
