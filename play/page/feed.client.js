// Follows what happens on the server: the lanes as they are, and then one fact after the other.

import { newLane, next } from '../model/lane-state.js';

/** @typedef {import('../model/lane-state.ts').LaneState} LaneState */

export class LiveLanes {
  /** @type {LaneState[]} */
  states;
  /** How far the server's time is ahead of `performance.now()`, in ms. */
  #ahead = 0;
  #known = false;

  /**
   * @param {number} count
   * @param {(action: string, failed: number) => void} onDid
   * @param {(connected: boolean) => void} onConnection
   */
  constructor(count, onDid, onConnection) {
    this.states = Array.from({ length: count }, () => newLane);
    const source = new EventSource('/events');
    source.addEventListener('lanes', ({ data }) => {
      const { now, states } = JSON.parse(data);
      this.states = states;
      this.#known = false;
      this.#learn(now);
      onConnection(true);
    });
    source.addEventListener('facts', ({ data }) => {
      const { now, facts } = JSON.parse(data);
      this.#learn(now);
      for (const [lane, fact] of facts) this.states[lane] = next(this.states[lane] ?? newLane, fact);
    });
    source.addEventListener('did', ({ data }) => {
      const { action, failed } = JSON.parse(data);
      onDid(action, failed);
    });
    source.addEventListener('error', () => onConnection(false));
  }

  /** The server's time, in ms since its servers began to start. */
  get now() {
    return performance.now() + this.#ahead;
  }

  /**
   * An event that was slow on its way makes the server look late, so the earliest one counts.
   * @param {number} now
   */
  #learn(now) {
    const ahead = now - performance.now();
    this.#ahead = this.#known ? Math.max(this.#ahead, ahead) : ahead;
    this.#known = true;
  }
}
