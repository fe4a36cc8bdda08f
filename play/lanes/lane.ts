import { clientHalfOf } from '../../harness/app/client-half.ts';
import { presenting } from '../../harness/app/client-connection.ts';
import { kitRoutes, type ProbeRoutes } from '../../harness/probes/routes.ts';
import type { CreateClient } from '../../strategies/strategy.ts';
import type { End, Fact, Who } from '../model/facts.ts';
import { type LaneState, newLane, next } from '../model/lane-state.ts';
import type { PlayEntry } from './entries.ts';
import { type Frame, Frames } from './frames.ts';
import { type ClientCounts, LaneClient, type LaneContext, type SignIn, type Tell } from './lane-client.ts';
import { LaneServer, type LaneServerOptions, type NodeReport } from './lane-server.ts';
import { PlainConnection } from './plain-connection.ts';
import { type TokenView, tokenView } from './token-view.ts';

export interface LaneOptions extends LaneServerOptions {
  /** How often each client sends and is notified, in ms. */
  readonly every: number;
  /** ms since the page's servers began to start. */
  readonly now: () => number;
  /** Called with each fact, in order. */
  readonly onFact: (fact: Fact) => void;
}

/** The details of an opened lane. */
export interface LaneDetails {
  readonly frames: readonly Frame[];
  readonly token: TokenView;
  /** One for each node. */
  readonly reports: readonly NodeReport[];
  readonly counted: readonly ClientCounts[];
}

/** The clock of a server jumps to so long before the end of a credential, in ms: time to ask for a renewal. */
const BEFORE_END = 1500;
/** How often it looks whether credentials were renewed, in ms. */
const LOOKS = 50;

/** One entry with its own server, and the clients that are connected to it. */
export class Lane {
  readonly entry: PlayEntry;
  readonly #options: LaneOptions;
  readonly #server: LaneServer;
  readonly #createClient: CreateClient;
  readonly #frames: Frames;
  readonly #clients = new Map<Who, LaneClient>();
  readonly #timers: readonly NodeJS.Timeout[];
  #state: LaneState = newLane;
  #signIns = 0;
  #banned = false;
  #acting: Promise<unknown> = Promise.resolve();

  private constructor(entry: PlayEntry, options: LaneOptions, server: LaneServer, createClient: CreateClient) {
    this.entry = entry;
    this.#options = options;
    this.#server = server;
    this.#createClient = createClient;
    this.#frames = new Frames(options.now);
    this.#timers = [setInterval(() => this.#tick(), options.every), setInterval(() => this.#look(), LOOKS)];
    this.#tell({ is: 'server', up: true });
  }

  /** The server is up, and nobody is connected. */
  static async start(entry: PlayEntry, options: LaneOptions): Promise<Lane> {
    const { createClient } = await clientHalfOf(entry.spec);
    return new Lane(entry, options, await LaneServer.start(entry, options), createClient);
  }

  get state(): LaneState {
    return this.#state;
  }

  /** Runs one action after the other. */
  inTurn(action: (lane: this) => Promise<void>): Promise<void> {
    const result = this.#acting.then(() => action(this));
    this.#acting = result.catch(() => {});
    return result;
  }

  /** Signs the user in and connects, unless that is so already. */
  async connect(): Promise<void> {
    const you = this.#clients.get('you');
    if (you?.connected === true && (you.signIn.ended === null || you.signIn.ended === 'ban')) return;
    await this.#signIn('you');
  }

  /** Adds a client; the user's own one is connected first. */
  async add(who: Exclude<Who, 'you'>): Promise<void> {
    if (!this.#clients.has('you')) await this.#signIn('you');
    if (who === 'device') return this.#signIn(who);
    const { client, presented, serverEnd, signIn } = this.#clients.get('you')!;
    const recover = who === 'tab';
    const copied = { client: recover ? client : presenting(client, presented), serverEnd };
    await this.#open(new LaneClient(this.#context(), { who, signIn, recover, ...copied }));
  }

  send(): void {
    for (const client of this.#clients.values()) client.send();
  }

  /** The server's clock jumps to shortly before the next end of a credential, and over none: it would have ended long ago. */
  async expire(): Promise<void> {
    const now = this.#server.now();
    const ends = [...this.#clients.values()].flatMap(({ who, connected, serverEnd = 0 }) =>
      serverEnd > now && (connected || who === 'you') ? [serverEnd] : [],
    );
    const jump = Math.min(...ends) - now - BEFORE_END;
    if (ends.length > 0 && jump > 0) await this.#server.jump(jump);
    this.#look();
  }

  async signOut(everywhere: boolean): Promise<void> {
    const you = this.#clients.get('you');
    if (you === undefined || you.signIn.ended !== null) return;
    await this.#end(
      everywhere ? 'sign-out-everywhere' : 'sign-out',
      () => you.client.signOut({ everywhere }),
      everywhere ? undefined : you.signIn,
    );
  }

  async ban(): Promise<void> {
    await this.#end('ban', () => this.#server.ban());
    this.#banned = true;
  }

  async takeRole(): Promise<void> {
    if (this.entry.hasRole) await this.#end('lost-role', () => this.#server.takeRole());
  }

  /** The network is cut for so long, in ms. Resolves once it is healed. */
  async cutNetwork(ms: number): Promise<void> {
    const heal = this.#server.cut();
    this.#tell({ is: 'network', up: false });
    await new Promise((resolve) => setTimeout(resolve, ms));
    heal();
    this.#tell({ is: 'network', up: true });
  }

  /** Ends the server as a machine that fails, and starts another with the same secret and users. */
  async restart(): Promise<void> {
    const heal = this.#server.cut();
    this.#tell({ is: 'server', up: false });
    await this.#server.kill();
    await this.#server.revive();
    heal();
    this.#tell({ is: 'server', up: true });
  }

  /** Tells that the store of all lanes has gone, or is back. */
  async redis(up: boolean): Promise<void> {
    this.#tell({ is: 'redis', up });
  }

  /** A new user, and an empty lane. */
  async reset(): Promise<void> {
    this.#leave();
    await this.#server.newUser();
    this.#banned = false;
    this.#tell({ is: 'reset' });
    await this.#signIn('you');
  }

  async details(): Promise<LaneDetails> {
    const you = this.#clients.get('you');
    return {
      frames: this.#frames.kept,
      token: tokenView(you?.presented ?? {}),
      reports: await this.#server.report(),
      counted: [...this.#clients.values()].map(({ counts }) => counts),
    };
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#leave();
    await this.#server.close();
    await this.#acting;
  }

  /** A ban holds for whoever signs in after it. */
  async #signIn(who: 'you' | 'device'): Promise<void> {
    const signIn: SignIn = { number: ++this.#signIns, ended: this.#banned ? 'ban' : null };
    const client = this.#createClient({ url: this.#server.url });
    await this.#open(new LaneClient(this.#context(), { who, signIn, client, recover: true }), this.#server.user);
  }

  async #open(client: LaneClient, user?: LaneServer['user']): Promise<void> {
    this.#clients.get(client.who)?.close();
    this.#clients.set(client.who, client);
    await client.open(user);
  }

  #leave(): void {
    for (const client of this.#clients.values()) client.close();
    this.#clients.clear();
  }

  #context(): LaneContext {
    const { ttl, now } = this.#options;
    const { hasRole, movesByActivity } = this.entry;
    const server = this.#server;
    return {
      urlOf: (side) => server.urlOf(side),
      nodes: server.nodes,
      routes: this.#routes(),
      hasRole,
      now,
      frames: this.#frames,
      tell: this.#tell,
      serverTime: (at) => server.now() - now() + at,
      moveEnd: (signIn) => {
        // The server moved the end when it handled the message: now at the latest.
        if (movesByActivity) signIn.movedEnd = server.now() + ttl;
      },
      pushedAt: (number) => server.pushedAt(number),
    };
  }

  #routes(): ProbeRoutes {
    if (this.entry.spec.kind !== 'peer') return kitRoutes;
    const { subject } = this.#server.user;
    const connect: ProbeRoutes['talk'] = (client, url, options = {}) =>
      PlainConnection.connect(client, url, subject, options);
    return { talk: connect, listen: connect, subscription: ['sendMessage', { text: 'subscribe' }] };
  }

  /** `only`: the one sign-in that ends; if it is absent, all do. */
  async #end(why: End, bringAbout: () => Promise<void>, only?: SignIn): Promise<void> {
    const askedAt = this.#options.now();
    await bringAbout();
    const signIns = only === undefined ? [...this.#clients.values()].map(({ signIn }) => signIn) : [only];
    if (why !== 'lost-role') for (const signIn of signIns) signIn.ended = why;
    this.#tell({ is: 'ended', why, askedAt, ...(only && { signIn: only.number }) });
  }

  #tick(): void {
    if (this.#clients.size === 0) return;
    this.send();
    this.#server.push(this.#options.now());
  }

  #look(): void {
    for (const client of this.#clients.values()) client.look();
  }

  readonly #tell: Tell = (told) => {
    const fact: Fact = { ...told, at: this.#options.now() };
    this.#state = next(this.#state, fact);
    this.#options.onFact(fact);
  };
}
