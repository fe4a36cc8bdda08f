import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadStrategies } from '../../strategies/registry.ts';
import {
  begun,
  type Effect,
  type Event,
  next,
  type State,
  STEADY,
} from '../../strategies/shared/client/connection-protocol.ts';
import { AuthError } from '../../strategies/shared/errors.ts';
import { type RefusalCode, refusals } from '../../strategies/shared/refusals.ts';
import { patience, roundsOf, seed } from './rounds.ts';

const SEQUENCES = roundsOf(300, 10_000);
const codes = Object.keys(refusals) as RefusalCode[];
const longer = codes.flatMap((): RefusalCode[] => ['expired', 'unavailable']);
const inBand = await Promise.all(
  (await loadStrategies()).map(async ({ id, client }) => {
    const { createClient } = await client();
    return [id, createClient({ url: 'http://127.0.0.1:1' }).renewal !== undefined] as const;
  }),
);

/** A model of everything around the protocol: it performs the effects, and offers the events that can follow. */
class World {
  state: State;
  connecting = false;
  connected = false;
  task: 'ask' | 'exchange' | 'wait' | undefined;
  sent = false;
  /** Renewals that somebody waits for. */
  waiting = 0;
  ends = 0;
  /** The server has said that the credential has ended. */
  over = false;
  readonly #inBand: boolean;

  constructor(recover: boolean, renewsInBand: boolean) {
    this.#inBand = renewsInBand;
    const [state, effects] = begun(recover);
    this.state = state;
    this.#perform(effects);
  }

  /** The events that can come now. */
  possible(code: RefusalCode, lasted: number): Event[] {
    const error = new AuthError(code);
    const events: Event[] = [{ type: 'wanted' }];
    if (this.connecting)
      events.push({ type: 'connected' }, { type: 'refused', error }, { type: 'lost', error, lasted });
    if (this.connected) events.push({ type: 'prompted', lasted }, { type: 'lost', error, lasted });
    if (this.task === 'wait') events.push({ type: 'waited' });
    if (this.task === 'exchange') events.push({ type: 'exchanged' }, { type: 'not-exchanged', error });
    if (this.task === 'ask' && !this.#inBand) events.push({ type: 'not-in-band' });
    if (this.task === 'ask' && this.#inBand && !this.sent) {
      events.push({ type: 'sent' }, { type: 'denied', error, answered: false });
    }
    if (this.task === 'ask' && this.sent) {
      events.push(
        { type: 'issued' },
        { type: 'denied', error, answered: true },
        { type: 'denied', error, answered: false },
      );
    }
    return events;
  }

  tell(event: Event): void {
    if (event.type === 'wanted') this.waiting = 1;
    if (event.type === 'connected') [this.connecting, this.connected] = [false, true];
    if (event.type === 'refused' || event.type === 'lost') [this.connecting, this.connected] = [false, false];
    if ((event.type === 'refused' || event.type === 'lost') && event.error.action === 'renew') this.over = true;
    if (event.type === 'exchanged' || event.type === 'issued') this.over = false;
    if (event.type === 'sent') this.sent = true;
    else if (['waited', 'exchanged', 'not-exchanged', 'not-in-band', 'issued', 'denied'].includes(event.type)) {
      this.task = undefined;
    }
    const before = this.state.phase.at;
    const [state, effects] = next(this.state, event);
    this.state = state;
    if (state.phase.at !== before) this.task = undefined;
    this.#perform(effects);
  }

  #perform(effects: readonly Effect[]): void {
    for (const effect of effects) {
      switch (effect.do) {
        case 'connect':
          if (this.connecting || this.connected) throw new Error('A second CONNECT');
          if (this.over) throw new Error('A CONNECT that is refused');
          this.connecting = true;
          break;
        case 'disconnect':
          [this.connecting, this.connected] = [false, false];
          break;
        case 'close-transport':
          this.tell({ type: 'lost', error: new AuthError('unavailable'), lasted: 0 });
          break;
        case 'ask':
        case 'exchange':
        case 'wait':
          // A wait is cut short by what comes next; a renewal is not.
          if (this.task === 'ask' || this.task === 'exchange')
            throw new Error(`It begins to ${effect.do} during ${this.task}`);
          if (effect.do === 'ask' && !this.connected) throw new Error('It asks on no connection');
          [this.task, this.sent] = [effect.do, false];
          break;
        case 'settle':
          this.waiting = 0;
          break;
        case 'end':
          this.ends += 1;
          break;
        default:
      }
    }
  }
}

describe.each(inBand)('the protocol of a connection, %s', (_, renewsInBand) => {
  it(
    `has one renewal and one CONNECT at a time, none with what has ended, and leaves nothing open or waiting (${SEQUENCES} sequences)`,
    () => {
      const step = fc.record({
        choice: fc.nat(1000),
        // Most codes end a connection for good: these two make sequences long.
        code: fc.constantFrom(...codes, ...longer),
        lasted: fc.constantFrom(0, STEADY),
      });
      const sequence = fc.array(step, { maxLength: 60, size: 'max' });
      fc.assert(
        fc.property(fc.boolean(), sequence, (recover, steps) => {
          const world = new World(recover, renewsInBand);
          for (const { choice, code, lasted } of steps) {
            const events = world.possible(code, lasted);
            world.tell(events[choice % events.length]!);
            const { phase, wanted } = world.state;
            // Whoever is not over does something, or is connected.
            const busy = world.connecting || world.connected || world.task !== undefined;
            expect(busy).toBe(phase.at !== 'ended');
            expect(world.waiting > 0).toBe(wanted);
          }
          world.tell({ type: 'closed', error: new AuthError('unavailable') });
          expect(world).toMatchObject({ connecting: false, connected: false, task: undefined, waiting: 0, ends: 1 });
          expect(world.state.phase.at).toBe('ended');
        }),
        { seed, numRuns: SEQUENCES },
      );
    },
    patience,
  );
});
