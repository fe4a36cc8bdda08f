import { EventEmitter } from 'node:events';
import type { Budget } from './budget.ts';
import { type Channel, ChannelRefused, type Closed, type OpenChannel } from './channel.ts';
import type { Dialect } from './dialect.ts';
import type { Tls } from './request.ts';

/** Lines that are kept of one connection, and what is kept of each, in characters. */
const MOST_LINES = 60;
const LONGEST_LINE = 1600;
/** A server that says more than this on one connection is hung up on. */
const MOST_HEARD = 5000;

/** One frame or event of a connection; `at` is in ms since the connection was opened. */
export interface Line {
  readonly at: number;
  readonly text: string;
}

/** An event or an ack that the client received; `at` is in ms since the epoch. */
export interface Heard {
  readonly at: number;
  readonly kind: 'ack' | 'event';
  readonly name: string;
  readonly id?: number;
  readonly args: readonly unknown[];
}

/** How a client connects. */
export interface Route {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly namespace: string;
  readonly auth: Readonly<Record<string, unknown>>;
  readonly dialect: Dialect;
  readonly open: OpenChannel;
  readonly tls?: Tls;
  readonly budget: Budget;
  /** Called with each frame of the server, before it is read. */
  readonly overhear?: (frame: string) => void;
}

/** One client connection, which notes what it sends and hears, and when. */
export class Client {
  readonly heard: Heard[] = [];
  readonly lines: Line[] = [];
  /** In ms since the epoch. */
  readonly openedAt = Date.now();
  admittedAt: number | undefined;
  endedAt: number | undefined;
  /** In words: how the server refused or ended the connection. */
  how: string | undefined;
  /** The network ended it, and no close frame. */
  abrupt = false;
  readonly #route: Route;
  readonly #changed = new EventEmitter().setMaxListeners(0);
  #channel: Channel | undefined;
  #ids = 0;
  #isOurs = false;

  private constructor(route: Route) {
    this.#route = route;
  }

  /** Opens a channel and sends CONNECT, with `ahead` in the same burst. @throws Unreachable, BudgetSpent */
  static async open(route: Route, ahead: (client: Client) => void = () => {}): Promise<Client> {
    const client = new Client(route);
    route.budget.connect();
    client.#note('>', `GET ${route.url.replace(/^\w+:\/\/[^/]+/, '')}`);
    for (const [name, value] of Object.entries(route.headers)) client.#note('>', `${name}: ${value}`);
    try {
      client.#channel = await route.open(
        { url: route.url, headers: route.headers, ...(route.tls && { tls: route.tls }) },
        { onFrame: (frame) => client.#take(frame), onClosed: (closed) => client.#closed(closed) },
      );
    } catch (error) {
      if (!(error instanceof ChannelRefused)) throw error;
      client.#end(error.message);
      return client;
    }
    if (route.dialect.connects) client.send(route.dialect.connect(route.namespace, route.auth));
    else client.#admit();
    ahead(client);
    return client;
  }

  get isAdmitted(): boolean {
    return this.admittedAt !== undefined;
  }

  /** Refused, ended or closed. */
  get isOver(): boolean {
    return this.endedAt !== undefined;
  }

  /** Neither ended by the server nor closed by the audit. */
  get isOpen(): boolean {
    return this.isAdmitted && !this.isOver && !this.#isOurs;
  }

  /** Since it was admitted, in ms; undefined for a client that never was. */
  get stayed(): number | undefined {
    return this.admittedAt === undefined ? undefined : (this.endedAt ?? Date.now()) - this.admittedAt;
  }

  /** Sends one frame as it is. */
  send(frame: string): void {
    if (this.isOver) return;
    this.#route.budget.send();
    this.#note('>', frame);
    this.#channel?.send(frame);
  }

  /** Sends an event that asks for an ack. Returns the id of the ack. */
  emit(name: string, args: readonly unknown[]): number {
    this.#ids += 1;
    this.send(this.#route.dialect.event(this.#route.namespace, name, args, this.#ids));
    return this.#ids;
  }

  /** Returns what `find` finds, now or within `ms`; undefined if it finds nothing in time, or once the connection is over. */
  async until<T>(find: () => T | undefined, ms: number): Promise<T | undefined> {
    const deadline = Date.now() + ms;
    for (;;) {
      const found = find();
      const left = deadline - Date.now();
      if (found !== undefined || this.isOver || left <= 0) return found;
      await this.#change(left);
    }
  }

  /** Returns once the client is admitted or over, or `ms` have passed. */
  async decided(ms: number): Promise<void> {
    await this.until(() => (this.isAdmitted ? true : undefined), ms);
  }

  /** Calls `run` when the client is admitted, before anything else is read. */
  onAdmitted(run: () => void): void {
    if (this.isAdmitted) run();
    else this.#changed.once('admitted', run);
  }

  close(): void {
    this.#isOurs = true;
    this.#channel?.close();
  }

  #change(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(late);
        this.#changed.off('change', done);
        resolve();
      };
      const late = setTimeout(done, ms);
      this.#changed.on('change', done);
    });
  }

  #take(frame: string): void {
    const { dialect, namespace, overhear } = this.#route;
    const pong = dialect.pong(frame);
    if (pong !== undefined) return this.#channel?.send(pong);
    overhear?.(frame);
    this.#note('<', frame);
    const at = Date.now();
    const said = dialect.read(frame, namespace);
    if (said?.kind === 'admitted') this.#admit();
    else if (said?.kind === 'refused') this.#end(`CONNECT was refused: ${said.why}`);
    else if (said?.kind === 'left') this.#end('the server disconnected the socket');
    else if (said?.kind === 'ack') this.heard.push({ at, kind: 'ack', name: '', id: said.id, args: said.args });
    else if (said?.kind === 'event') this.heard.push({ at, kind: 'event', name: said.name, args: said.args });
    if (this.heard.length > MOST_HEARD) this.close();
    this.#changed.emit('change');
  }

  #admit(): void {
    if (this.isAdmitted || this.isOver) return;
    this.admittedAt = Date.now();
    this.#changed.emit('admitted');
    this.#changed.emit('change');
  }

  #closed({ code, reason, abrupt }: Closed): void {
    if (this.#isOurs) return;
    this.abrupt ||= abrupt;
    const words = reason === '' ? `code ${code}` : `code ${code}, ${reason}`;
    this.#end(abrupt ? 'the connection broke' : `the server closed the connection (${words})`);
  }

  #end(how: string): void {
    if (this.isOver) return;
    this.endedAt = Date.now();
    this.how = how;
    this.#note('!', how);
    this.#changed.emit('change');
  }

  #note(direction: '>' | '<' | '!', text: string): void {
    if (this.lines.length === MOST_LINES) this.lines.splice(8, 1);
    this.lines.push({ at: Date.now() - this.openedAt, text: `${direction} ${text.slice(0, LONGEST_LINE)}` });
  }
}
