import type { Server } from '../../harness/processes/server.ts';
import type { ServerSpec } from '../../harness/processes/server-process.ts';
import { startServer } from './compiled.ts';

/**
 * Two nodes, each a process of its own. Starting one takes a second: a process that was not killed serves the next
 * application, too.
 */
export class Pair {
  readonly #servers = new Map<0 | 1, Server>();

  /** Both nodes serve an application from now on. */
  async serve(spec: ServerSpec): Promise<void> {
    await Promise.all(([0, 1] as const).map((index) => this.start(index, spec)));
  }

  async start(index: 0 | 1, spec: ServerSpec): Promise<void> {
    const running = this.#servers.get(index);
    if (running === undefined) this.#servers.set(index, await startServer(spec));
    else Object.assign(running, { url: await running.call.start(spec) });
  }

  /** As a machine that fails. */
  async kill(index: 0 | 1): Promise<void> {
    const server = this.at(index);
    this.#servers.delete(index);
    await server.kill();
  }

  at(index: 0 | 1): Server {
    return this.#servers.get(index)!;
  }

  get urls(): string[] {
    return [...this.#servers.values()].map(({ url }) => url);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#servers.values()].map((server) => server.stop()));
    this.#servers.clear();
  }
}
