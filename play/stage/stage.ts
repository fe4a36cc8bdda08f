import { setTimeout as delay } from 'node:timers/promises';
import { inLanes } from '../../harness/app/lanes.ts';
import { newPrefix } from '../../harness/app/store.ts';
import { RedisServer } from '../../harness/processes/redis-server.ts';
import type { PlayEntry } from '../lanes/entries.ts';
import { Lane } from '../lanes/lane.ts';
import type { Fact } from '../model/facts.ts';
import { type LaneState, newLane } from '../model/lane-state.ts';
import { type Action, actions, AWAY } from './actions.ts';
import type { Scenario } from './scenario.ts';

export interface StageOptions {
  readonly entries: readonly PlayEntry[];
  /** How long credentials live, in ms. */
  readonly ttl: number;
  /** Each lane's server keeps its sign-ins and revocations in a Redis of the stage, instead of in its memory. */
  readonly redis?: boolean;
  /** Server processes of each lane, which share that Redis; 1 unless told otherwise. */
  readonly nodes?: number;
  /** How often each client sends and is notified, in ms; 200 unless told otherwise. */
  readonly every?: number;
  /** Each lane connects as soon as its server is up. */
  readonly connects: boolean;
}

export type OnFact = (lane: number, fact: Fact) => void;

/** How often each client sends and is notified, in ms. */
const EVERY = 200;
/** Servers that start side by side. */
const AT_ONCE = 2;
/** Actions that may be under way. */
const MOST_UNDER_WAY = 20;

/** Too many actions are under way. */
export class BusyError extends Error {
  override readonly name = 'BusyError';
}

/** All lanes, side by side. */
export class Stage {
  readonly entries: readonly PlayEntry[];
  readonly ttl: number;
  readonly redis: RedisServer | undefined;
  readonly nodes: number;
  readonly #every: number;
  /** Resolves once every server is up; rejects where one does not start. */
  readonly ready: Promise<void>;
  readonly #epoch = Date.now();
  readonly #lanes: (Lane | undefined)[];
  readonly #listeners = new Set<OnFact>();
  #underWay = 0;
  #playing = new AbortController();
  #closed = false;

  private constructor(
    { entries, ttl, connects, nodes = 1, every = EVERY }: StageOptions,
    redis: RedisServer | undefined,
  ) {
    this.entries = entries;
    this.ttl = ttl;
    this.redis = redis;
    this.nodes = nodes;
    this.#every = every;
    this.#lanes = entries.map(() => undefined);
    this.ready = inLanes([...entries.entries()], AT_ONCE, ([index, entry]) => this.#start(index, entry, connects));
    this.ready.catch(() => {});
  }

  /** Returns at once; the servers start one after the other. @throws TypeError where there is no `redis-server` */
  static async open(options: StageOptions): Promise<Stage> {
    return new Stage(options, options.redis === true ? await RedisServer.start() : undefined);
  }

  /** ms since the stage was opened. */
  now = (): number => Date.now() - this.#epoch;

  get states(): readonly LaneState[] {
    return this.#lanes.map((lane) => lane?.state ?? newLane);
  }

  lane(index: number): Lane | undefined {
    return this.#lanes[index];
  }

  /** Calls `listener` with each fact; returns a function that stops it. */
  onFact(listener: OnFact): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Does something to all lanes that are up. Resolves once it is done, with the lanes in which it failed, such as a
   * sign-out from a server that is down. @throws BusyError
   */
  async act(action: Action): Promise<number[]> {
    if (this.#underWay >= MOST_UNDER_WAY) throw new BusyError('Too many actions are under way; wait for one of them');
    this.#underWay += 1;
    try {
      if (action.redis === true) return await this.#redisAway();
      return await this.#each((lane) =>
        action.atOnce === true ? action.run(lane) : lane.inTurn(() => action.run(lane)),
      );
    } finally {
      this.#underWay -= 1;
    }
  }

  /**
   * Runs a scenario, in the place of one that runs, and presses each of its buttons by `act`. Its time begins once all lanes
   * have started over, where it begins with that. Resolves once it is over, with when its time began.
   */
  async play({ steps, until }: Scenario, act: (action: Action) => Promise<unknown>): Promise<number> {
    this.#playing.abort();
    const { signal } = (this.#playing = new AbortController());
    const [first, ...later] = steps;
    const startsOver = first?.do === 'reset';
    if (startsOver) await act(actionOf(first.do));
    const begun = this.now();
    const wait = (seconds: number): Promise<void> =>
      delay(Math.max(0, begun + seconds * 1000 - this.now()), undefined, { signal }).catch(() => {});
    const acting: Promise<unknown>[] = [];
    for (const step of startsOver ? later : steps) {
      await wait(step.at);
      if (signal.aborted) return begun;
      acting.push(act(actionOf(step.do)));
    }
    await Promise.all([wait(until), ...acting]);
    return begun;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#playing.abort();
    await this.ready.catch(() => {});
    await Promise.all(this.#lanes.map(async (lane) => lane?.close()));
    await this.redis?.stop();
  }

  async #start(index: number, entry: PlayEntry, connects: boolean): Promise<void> {
    if (this.#closed) return;
    const { now, ttl, redis, nodes } = this;
    const onFact = (fact: Fact): void => {
      for (const listener of this.#listeners) listener(index, fact);
    };
    const store = redis && { url: redis.url, prefix: newPrefix() };
    const lane = await Lane.start(entry, { ttl, every: this.#every, now, onFact, store, nodes });
    this.#lanes[index] = lane;
    if (connects) await lane.inTurn(() => lane.connect());
  }

  async #each(run: (lane: Lane) => Promise<void>): Promise<number[]> {
    const settled = await Promise.allSettled(this.#lanes.map(async (lane) => lane && run(lane)));
    return settled.flatMap(({ status }, index) => (status === 'rejected' ? [index] : []));
  }

  async #redisAway(): Promise<number[]> {
    const { redis } = this;
    if (redis === undefined || !redis.running) return [];
    await redis.kill();
    await this.#each((lane) => lane.redis(false));
    await delay(AWAY);
    await redis.restart();
    return this.#each((lane) => lane.redis(true));
  }
}

const actionOf = (wanted: string): Action => actions.find(({ id }) => id === wanted)!;
