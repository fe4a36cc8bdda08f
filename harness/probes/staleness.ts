import type { StrategyClient } from '../../strategies/strategy.ts';
import { presenting } from '../app/client-connection.ts';
import { openPair, type Pair } from './pair.ts';
import { kitRoutes, type ProbedConnection, type ProbeRoutes } from './routes.ts';

/** What a connection could do, and whether the end of it was seen. */
export interface Trace {
  /** When it worked, in ms since the epoch, in order. */
  readonly worked: readonly number[];
  /** When it was refused, likewise. */
  readonly failed?: readonly number[];
  /** It was refused, cut off or passed over after it had last worked. */
  readonly ended: boolean;
  /** When its connection was closed, in ms since the epoch. */
  readonly closedAt?: number | undefined;
}

/** How long after a moment something went on, in ms; `censored` where its end was not seen. */
export interface Staleness {
  readonly ms: number;
  readonly censored: boolean;
  /** Why it tells nothing: what had not worked before the moment cannot have ended at it. */
  readonly void?: string;
}

export interface ProbeOptions {
  readonly url: string;
  /** How often it acts, and is notified, in ms: what it resolves. */
  readonly every: number;
  /** What it does, which rejects where it is refused. A refusal is data, and nothing is thrown. */
  readonly act?: (talker: ProbedConnection) => Promise<unknown>;
  /** How it reaches the server; as the gateways of the kit are reached unless told otherwise. */
  readonly routes?: ProbeRoutes;
  /** When it begins to act, in ms since the epoch; at once unless told otherwise. */
  readonly from?: number;
}

/** Before the moment in question it must have worked within this, in ms. */
const SHORTLY = 500;
/** Acts that may wait for their answer at a time. */
const MOST_UNANSWERED = 10;
/** A listener that is passed over for as long as this, in ms of pushes that went out, hears nothing any more. */
const PASSED_OVER = 500;

const say = (talker: ProbedConnection): Promise<unknown> => talker.request('sendMessage', { text: 'still here' });

/**
 * Someone who holds a credential and nothing more: it talks on one connection and listens on another, renews
 * nothing, and notes when either worked, and when it no longer did.
 */
export class StalenessProbe {
  readonly #talker: ProbedConnection;
  readonly #listener: ProbedConnection;
  readonly #every: number;
  #timer: NodeJS.Timeout;
  readonly #handled: number[] = [];
  readonly #delivered: number[] = [];
  readonly #failed: number[] = [];
  #refused = false;
  #outstanding = 0;
  #heard = -1;
  readonly #closedAt = new Map<ProbedConnection, number>();
  /** When both connections were open, in ms since the epoch. */
  readonly openedAt = Date.now();
  /** Resolves once both connections are closed. */
  readonly closed: Promise<void>;

  private constructor({ talker, listener }: Pair, { every, act = say, from = 0 }: ProbeOptions) {
    this.#talker = talker;
    this.#listener = listener;
    this.#every = every;
    listener.socket.on('notification', ({ number }: { number: number }) => {
      this.#delivered.push(Date.now());
      this.#heard = number;
    });
    const closes = (of: ProbedConnection) =>
      new Promise<void>((resolve) =>
        of.socket.once('disconnect', () => {
          this.#closedAt.set(of, Date.now());
          resolve();
        }),
      );
    this.closed = Promise.all([closes(talker), closes(listener)]).then(() => undefined);
    this.#timer = setTimeout(() => {
      this.#timer = setInterval(() => void this.#try(act), every);
    }, from - Date.now());
  }

  /** Both connections are open, and the listener is subscribed to its subject's notifications. */
  static async open(client: StrategyClient, options: ProbeOptions): Promise<StalenessProbe> {
    const thief = presenting(client, client.connectOptions());
    const pair = await openPair(options.routes ?? kitRoutes, [thief, thief], options.url, { recover: false });
    return new StalenessProbe(pair, options);
  }

  /** Whether it has acted at least once. */
  get acts(): boolean {
    return this.#handled.length > 0;
  }

  /** Whether it has been notified at least once. */
  get receives(): boolean {
    return this.#delivered.length > 0;
  }

  /** `pushed`: how many notifications went out, numbered from 0 on. */
  stop(pushed = 0): { handled: Trace; delivered: Trace } {
    clearInterval(this.#timer);
    const passedOver = (pushed - 1 - this.#heard) * this.#every >= PASSED_OVER;
    const traces = {
      handled: {
        worked: this.#handled,
        failed: this.#failed,
        ended: this.#refused,
        closedAt: this.#closedAt.get(this.#talker),
      },
      delivered: {
        worked: this.#delivered,
        ended: passedOver || !this.#listener.socket.connected,
        closedAt: this.#closedAt.get(this.#listener),
      },
    };
    this.#talker.close();
    this.#listener.close();
    return traces;
  }

  /** Left out while so many are unanswered: a server that is behind is asked no faster for it. */
  async #try(act: typeof say): Promise<void> {
    if (this.#outstanding >= MOST_UNANSWERED) return;
    this.#outstanding += 1;
    try {
      await act(this.#talker);
      this.#handled.push(Date.now());
      this.#refused = false;
    } catch {
      this.#failed.push(Date.now());
      this.#refused = true;
    } finally {
      this.#outstanding -= 1;
    }
  }
}

/** From `since` until its connection was closed. */
export const closeOf = ({ closedAt }: Trace, since: number, until: number): Staleness =>
  closedAt === undefined
    ? { ms: until - since, censored: true }
    : { ms: Math.max(0, closedAt - since), censored: false };

/**
 * From `since` until it last worked; watched until `until`. `asked` is when the end was asked for. A slow server may have
 * ended the use long before it answers, so the use must have worked shortly before `asked`, not before `since`.
 */
export function stalenessOf({ worked, ended }: Trace, since: number, until: number, asked = since): Staleness {
  if (!worked.some((at) => at > asked - SHORTLY && at <= since)) {
    return { ms: 0, censored: false, void: `nothing worked in the ${SHORTLY} ms before` };
  }
  return ended ? { ms: Math.max(0, worked.at(-1)! - since), censored: false } : { ms: until - since, censored: true };
}
