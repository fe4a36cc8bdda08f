import { type Server, startServer } from '../../harness/processes/server.ts';
import type { ServerSpec } from '../../harness/processes/server-process.ts';
import { Link } from './link.ts';

/** A server process that may be replaced, behind an address that stays. */
export class LaneNode {
  readonly link: Link;
  #process: Server | undefined;
  #closed = false;

  private constructor(link: Link) {
    this.link = link;
  }

  /** Nothing serves behind its address yet. */
  static async open(): Promise<LaneNode> {
    return new LaneNode(await Link.open());
  }

  /** Undefined while the process is down. */
  get call(): Server['call'] | undefined {
    return this.#process?.call;
  }

  /** `prepare` is called before clients can reach the process. */
  async begin(spec: ServerSpec, prepare: (call: Server['call']) => Promise<void>): Promise<void> {
    const started = await startServer(spec);
    if (this.#closed) return started.stop();
    await prepare(started.call);
    this.#process = started;
    this.link.leadTo(started.url);
  }

  /** Ends the process as a machine that fails. */
  async kill(): Promise<void> {
    const failing = this.#process;
    this.#process = undefined;
    await failing?.kill();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#process?.stop();
    this.#process = undefined;
    await this.link.close();
  }
}
