import { describe, expect, it } from 'vitest';
import { begun, type Event, next, type Phase, type State, STEADY } from './connection-protocol.ts';
import { ConnectionError } from './failures.ts';
import { AuthError } from '../errors.ts';
import type { RefusalCode } from '../refusals.ts';

const error = (code: RefusalCode) => new AuthError(code);
const refused = (code: RefusalCode): Event => ({ type: 'refused', error: error(code) });
const lost = (code: RefusalCode, lasted = 0): Event => ({ type: 'lost', error: error(code), lasted });
const denied = (code: RefusalCode, answered = true): Event => ({ type: 'denied', error: error(code), answered });
const prompted = (lasted = 0): Event => ({ type: 'prompted', lasted });
const notExchanged = (code: RefusalCode): Event => ({ type: 'not-exchanged', error: error(code) });
const connected: Event = { type: 'connected' };
const closed: Event = { type: 'closed', error: error('unavailable') };

const idle: Omit<State, 'phase'> = {
  recover: true,
  opened: true,
  wanted: false,
  attempts: 0,
  prompted: undefined,
  unanswered: false,
  over: false,
};
const phases = {
  first: { at: 'opening', after: 'nothing' },
  reopening: { at: 'opening', after: 'loss' },
  renewed: { at: 'opening', after: 'exchange' },
  open: { at: 'open' },
  asking: { at: 'asking' },
  exchanging: { at: 'exchanging', connected: true },
  'exchanging, lost': { at: 'exchanging', connected: false },
  'waiting to open': { at: 'waiting', before: 'open' },
  'waiting to exchange': { at: 'waiting', before: 'exchange' },
  'waiting to ask': { at: 'waiting', before: 'ask' },
  ended: { at: 'ended', error: error('unavailable') },
} satisfies Record<string, Phase>;
type Name = keyof typeof phases;

const nameOf = (phase: Phase): string =>
  phase.at === 'ended'
    ? `ended: ${phase.error.code}`
    : Object.keys(phases).find((name) => JSON.stringify(phases[name as Name]) === JSON.stringify(phase))!;

/** The effects in a word each: a settled renewal with its code, what is counted by its name. */
const wordsOf = (effects: ReturnType<typeof next>[1]): string[] =>
  effects.map((effect) => {
    if (effect.do === 'settle') return effect.error === undefined ? 'settle' : `settle ${effect.error.code}`;
    if (effect.do === 'count') return `+${effect.what}`;
    return effect.do === 'end' ? `end ${effect.error.code}` : effect.do;
  });

function stepOf(from: Name, event: Event, state: Partial<State> = {}): string {
  const [after, effects] = next({ ...idle, ...state, phase: phases[from] }, event);
  return [nameOf(after.phase), ...wordsOf(effects)].join(', ');
}

describe('a connection', () => {
  it('begins with its first CONNECT', () => {
    const [state, effects] = begun(true);
    expect([nameOf(state.phase), ...wordsOf(effects)]).toEqual(['first', 'connect']);
  });

  it.each<[Name, Event, string]>([
    // Opening
    ['reopening', connected, 'open, +reconnects'],
    ['reopening', refused('unavailable'), 'waiting to open, wait'],
    ['reopening', lost('unavailable'), 'waiting to open, wait'],
    ['reopening', refused('expired'), 'exchanging, lost, exchange'],
    ['reopening', refused('banned'), 'ended: banned, end banned'],
    ['renewed', connected, 'open, +reconnects, settle'],
    ['renewed', refused('unavailable'), 'waiting to open, settle unavailable, wait'],
    ['renewed', refused('expired'), 'waiting to exchange, settle expired, wait'],
    ['renewed', refused('banned'), 'ended: banned, settle banned, end banned'],
    // Open
    ['open', { type: 'wanted' }, 'asking, ask'],
    ['open', prompted(), 'asking, ask'],
    ['open', lost('unavailable'), 'waiting to open, wait'],
    ['open', lost('expired'), 'exchanging, lost, exchange'],
    ['open', lost('revoked'), 'ended: revoked, end revoked'],
    // Asking on the connection
    ['asking', { type: 'not-in-band' }, 'exchanging, exchange'],
    ['asking', { type: 'issued' }, 'open, +renewals, settle'],
    ['asking', denied('unavailable'), 'open, settle unavailable'],
    ['asking', lost('unavailable'), 'waiting to open, settle unavailable, wait'],
    ['asking', lost('banned'), 'ended: banned, settle banned, end banned'],
    // Renewing over HTTP
    ['exchanging', { type: 'exchanged' }, 'renewed, +renewals, disconnect, connect'],
    ['exchanging', notExchanged('revoked'), 'open, settle revoked'],
    ['exchanging', lost('unavailable'), 'exchanging, lost'],
    ['exchanging', lost('expired'), 'exchanging, lost'],
    ['exchanging', lost('banned'), 'ended: banned, end banned'],
    ['exchanging, lost', { type: 'exchanged' }, 'renewed, +renewals, connect'],
    ['exchanging, lost', notExchanged('unavailable'), 'waiting to open, settle unavailable, wait'],
    ['exchanging, lost', notExchanged('expired'), 'waiting to exchange, settle expired, wait'],
    ['exchanging, lost', notExchanged('revoked'), 'ended: revoked, settle revoked, end revoked'],
    // Backing off
    ['waiting to open', { type: 'waited' }, 'reopening, connect'],
    ['waiting to open', { type: 'wanted' }, 'exchanging, lost, exchange'],
    ['waiting to exchange', { type: 'waited' }, 'exchanging, lost, exchange'],
    ['waiting to ask', { type: 'waited' }, 'asking, ask'],
    ['waiting to ask', { type: 'wanted' }, 'asking, ask'],
    ['waiting to ask', lost('unavailable'), 'waiting to open, wait'],
    // Over
    ['open', closed, 'ended: unavailable, disconnect, end unavailable'],
    ['waiting to open', closed, 'ended: unavailable, disconnect, end unavailable'],
    ['ended', { type: 'wanted' }, 'ended: unavailable, settle unavailable'],
    ['ended', closed, 'ended: unavailable'],
    ['ended', connected, 'ended: unavailable'],
  ])('%s, when it is told %o: %s', (from, event, expected) => {
    expect(stepOf(from, event)).toBe(expected);
  });

  it.each<[Name, Event, string]>([
    ['first', connected, 'open, opened'],
    ['first', refused('unavailable'), 'ended: unavailable, end unavailable'],
    ['first', refused('banned'), 'ended: banned, end banned'],
    ['first', lost('unavailable'), 'ended: unavailable, end unavailable'],
    // A page was loaded again, and its token has expired meanwhile.
    ['first', refused('expired'), 'exchanging, lost, exchange'],
    ['exchanging, lost', { type: 'exchanged' }, 'renewed, +renewals, connect'],
    ['exchanging, lost', notExchanged('unavailable'), 'ended: unavailable, settle unavailable, end unavailable'],
    ['exchanging, lost', notExchanged('expired'), 'ended: expired, settle expired, end expired'],
    ['renewed', connected, 'open, opened'],
    ['renewed', refused('expired'), 'ended: expired, settle expired, end expired'],
    ['renewed', lost('unavailable'), 'ended: unavailable, settle unavailable, end unavailable'],
  ])('never opened, %s, when it is told %o: %s', (from, event, expected) => {
    expect(stepOf(from, event, { opened: false })).toBe(expected);
  });

  it.each<[string, Name, Event, Partial<State>, string]>([
    ['asks when it is back, if somebody waits', 'reopening', connected, { wanted: true }, 'asking, +reconnects, ask'],
    ['renews if somebody waits', 'reopening', refused('unavailable'), { wanted: true }, 'exchanging, lost, exchange'],
    ['asks again if an answer is missing', 'reopening', connected, { unanswered: true }, 'asking, +reconnects, ask'],
    [
      'tries again what the server has asked for',
      'asking',
      denied('unavailable'),
      { prompted: 0 },
      'waiting to ask, settle unavailable, wait',
    ],
    [
      'renews again before it connects, if a CONNECT would be refused',
      'exchanging, lost',
      notExchanged('unavailable'),
      { over: true },
      'waiting to exchange, settle unavailable, wait',
    ],
    ['tries nothing again that cannot help', 'asking', denied('revoked'), { prompted: 0 }, 'open, settle revoked'],
    [
      'gives a connection up on which nothing is answered twice',
      'asking',
      denied('unavailable', false),
      { prompted: 1, unanswered: true },
      'open, settle unavailable, close-transport',
    ],
    [
      'renews over HTTP again, since the token may be spent',
      'exchanging',
      notExchanged('unavailable'),
      { prompted: 1, unanswered: true },
      'waiting to ask, settle unavailable, wait',
    ],
    [
      'asks again where no answer came, though nobody waits',
      'asking',
      denied('unavailable', false),
      { unanswered: true },
      'waiting to ask, settle unavailable, wait',
    ],
    [
      'keeps a connection on which it was refused twice',
      'asking',
      denied('unavailable'),
      { prompted: 1, unanswered: true },
      'waiting to ask, settle unavailable, wait',
    ],
    ['renews at once if it lasted', 'open', lost('expired', STEADY), { attempts: 3 }, 'exchanging, lost, exchange'],
    ['waits if it did not last', 'open', lost('expired', STEADY - 1), { attempts: 1 }, 'waiting to exchange, wait'],
    [
      'stays away after it was disconnected on purpose',
      'open',
      { type: 'lost', error: new ConnectionError('disconnected'), lasted: STEADY },
      {},
      'ended: disconnected, end disconnected',
    ],
    [
      'does nothing by itself, where it is not to',
      'open',
      lost('unavailable'),
      { recover: false },
      'ended: unavailable, end unavailable',
    ],
    [
      'ends with who waits told, where it is not to recover',
      'asking',
      lost('unavailable'),
      { recover: false, wanted: true },
      'ended: unavailable, settle unavailable, end unavailable',
    ],
    [
      'is closed with who waits told',
      'renewed',
      closed,
      { wanted: true },
      'ended: unavailable, settle unavailable, disconnect, end unavailable',
    ],
  ])('%s', (_, from, event, state, expected) => {
    expect(stepOf(from, event, state)).toBe(expected);
  });

  it('counts its attempts until a connection has lasted', () => {
    const attemptsAfter = (from: Name, event: Event) =>
      next({ ...idle, attempts: 3, phase: phases[from] }, event)[0].attempts;
    expect(attemptsAfter('reopening', connected)).toBe(3);
    expect(attemptsAfter('reopening', refused('unavailable'))).toBe(4);
    expect(attemptsAfter('open', lost('unavailable', STEADY - 1))).toBe(4);
    expect(attemptsAfter('open', lost('unavailable', STEADY))).toBe(1);
    expect(attemptsAfter('exchanging, lost', notExchanged('unavailable'))).toBe(4);
  });

  it('remembers that the server has said that the credential has ended, until it has another', () => {
    const overAfter = (from: Name, event: Event, over = false) =>
      next({ ...idle, over, phase: phases[from] }, event)[0].over;
    expect(overAfter('open', lost('expired'))).toBe(true);
    expect(overAfter('reopening', refused('expired'))).toBe(true);
    expect(overAfter('open', lost('unavailable'))).toBe(false);
    expect(overAfter('exchanging, lost', notExchanged('unavailable'), true)).toBe(true);
    expect(overAfter('exchanging, lost', { type: 'exchanged' }, true)).toBe(false);
  });

  it('remembers a renewal without an answer until it knows what became of it', () => {
    const unansweredAfter = (from: Name, event: Event, state: Partial<State>) =>
      next({ ...idle, ...state, phase: phases[from] }, event)[0].unanswered;
    expect(unansweredAfter('asking', { type: 'sent' }, {})).toBe(true);
    const sent = { unanswered: true };
    expect(unansweredAfter('asking', denied('unavailable', false), sent)).toBe(true);
    expect(unansweredAfter('asking', denied('too-many-events'), sent)).toBe(true);
    expect(unansweredAfter('asking', denied('unavailable'), sent)).toBe(false);
    expect(unansweredAfter('asking', { type: 'issued' }, sent)).toBe(false);
    expect(unansweredAfter('exchanging', { type: 'exchanged' }, sent)).toBe(false);
    expect(unansweredAfter('asking', lost('unavailable'), sent)).toBe(true);
    expect(unansweredAfter('asking', { type: 'not-in-band' }, {})).toBe(true);
    expect(unansweredAfter('exchanging, lost', notExchanged('unavailable'), sent)).toBe(true);
  });
});
