import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { fixedFlags, type Launch, pin, unpin } from './launch.ts';
import { OPTIMIZE } from './without-optimizing.ts';

/** A call to a process of ours, by name, and its answer. */
interface Call {
  readonly id: number;
  readonly method: string;
  readonly args: readonly unknown[];
}
interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

export type Handlers = Record<string, (...args: never[]) => unknown>;

/** Asynchronous, whatever the handler was. */
export type Remote<H extends Handlers> = {
  readonly [K in keyof H]: (...args: Parameters<H[K]>) => Promise<Awaited<ReturnType<H[K]>>>;
};

/** A parent that has ended hears nothing, and its end is told by `disconnect`. */
const send = (given: Answer): void => void process.send?.(given, undefined, undefined, () => {});

/** Serves calls of the process that forked this one, and ends with it. */
export function serve(handlers: Handlers): void {
  // Ctrl-C reaches the whole group; the parent decides what is kept, and ends us by disconnecting.
  process.on('SIGINT', () => {});
  process.on('disconnect', () => process.exit(0));
  process.on('message', ({ id, method, args }: Call) => {
    void (async () => {
      const handler = handlers[method] as ((...args: readonly unknown[]) => unknown) | undefined;
      try {
        if (handler === undefined) throw new TypeError(`No method '${method}'`);
        send({ id, result: await handler(...args) });
      } catch (error) {
        send({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
      }
    })();
  });
  send({ id: 0 });
}

/** A process of ours and what it answers to. */
export class Child<H extends Handlers> {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  #calls = 0;
  #core: number | undefined;
  /** Each method of the process, by its name. */
  readonly call: Remote<H>;

  private constructor(child: ChildProcess) {
    this.#process = child;
    this.call = new Proxy({} as Remote<H>, {
      get: (_, method) => (method === 'then' ? undefined : (...args: unknown[]) => this.#call(String(method), args)),
    });
    child.on('message', (answer: Answer) => this.#answered(answer));
    child.once('exit', (code, signal) => this.#fail(`The process ended (${signal ?? code}) before it answered`));
    child.on('error', ({ message }) => this.#fail(`The process failed: ${message}`));
  }

  /** Forks a compiled module beside `base` that calls `serve`, and waits until it does. */
  static async start<H extends Handlers>(
    module: string,
    base: string,
    { node = process.execPath, flags = fixedFlags, optimizesStart = false }: Launch = {},
  ): Promise<Child<H>> {
    const args = [fileURLToPath(new URL(module, base)), ...(optimizesStart ? [OPTIMIZE] : [])];
    const child = fork(fileURLToPath(new URL('./start.js', import.meta.url)), args, {
      execPath: node,
      execArgv: ['--expose-gc', ...flags],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const started = new Child<H>(child);
    await started.#ready();
    return started;
  }

  /** Keeps it to a core from now on; where none is given, to none. */
  async keepTo(core: number | undefined): Promise<void> {
    const { pid } = this.#process;
    if (pid === undefined || core === this.#core) return;
    await (core === undefined ? unpin(pid) : pin(pid, core));
    this.#core = core;
  }

  /** As a machine that fails. */
  async kill(): Promise<void> {
    if (this.#isOver) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await ended;
  }

  async stop(): Promise<void> {
    if (this.#isOver) return;
    const ended = once(this.#process, 'exit');
    if (this.#process.connected) this.#process.disconnect();
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), 2000);
    await ended;
    clearTimeout(timer);
  }

  get #isOver(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }

  #fail(reason: string): void {
    for (const { reject } of this.#waiting.values()) reject(new Error(reason));
    this.#waiting.clear();
  }

  #ready(): Promise<unknown> {
    return new Promise((resolve, reject) => this.#waiting.set(0, { resolve, reject }));
  }

  #call(method: string, args: readonly unknown[]): Promise<unknown> {
    const id = ++this.#calls;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#process.send({ id, method, args } satisfies Call, (error) => error && reject(error));
    });
  }

  #answered({ id, result, error }: Answer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(result);
    else waiting?.reject(new Error(error));
  }
}
