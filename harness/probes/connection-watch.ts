import type { StrategyClient } from '../../strategies/strategy.ts';
import type { ProbedConnection } from './routes.ts';

/** The facts of one connection. Moments are in ms since the epoch, in order. */
export interface ConnectionFacts {
  /** When it was open; a connection that is still open has no end. */
  readonly open: { readonly from: number; to?: number }[];
  /** When an act was handled, or a notification arrived. */
  readonly worked: number[];
  /** When an act was refused or given up, or a notification should have arrived that did not. */
  readonly failed: number[];
  /** When a renewal was seen on the connection. */
  readonly renewals: number[];
  /** Each end of a credential that the client knew of, and since when it knew. */
  readonly ends: { readonly known: number; readonly at: number }[];
}

/** How often it looks whether the client has renewed, in ms. */
const LOOKS = 20;

/** Notes what becomes of a connection. The owner tells what worked on it and what failed. */
export class ConnectionWatch {
  readonly facts: ConnectionFacts = { open: [{ from: Date.now() }], worked: [], failed: [], renewals: [], ends: [] };
  readonly #connection: ProbedConnection;
  readonly #client: StrategyClient;
  readonly #looking: NodeJS.Timeout;
  #renewals = 0;
  #stopped = false;

  constructor(connection: ProbedConnection, client: StrategyClient) {
    this.#connection = connection;
    this.#client = client;
    const { open } = this.facts;
    connection.socket.on('connect', () => open.push({ from: Date.now() }));
    connection.socket.on('disconnect', () => this.#closed());
    this.#looking = setInterval(() => this.#look(), LOOKS);
    this.#look();
  }

  worked(): void {
    this.facts.worked.push(Date.now());
  }

  failed(...at: readonly number[]): void {
    this.facts.failed.push(...at);
  }

  /** Nothing more is noted. */
  stop(): ConnectionFacts {
    this.#look();
    clearInterval(this.#looking);
    this.#stopped = true;
    return this.facts;
  }

  #closed(): void {
    const last = this.facts.open.at(-1);
    if (last !== undefined && !this.#stopped) last.to ??= Date.now();
  }

  #look(): void {
    const { renewals, ends } = this.facts;
    const count = this.#connection.counters.renewals;
    if (count > this.#renewals) renewals.push(Date.now());
    this.#renewals = count;
    const at = this.#client.expiresAt;
    if (at !== undefined && at !== ends.at(-1)?.at) ends.push({ known: Date.now(), at });
  }
}
