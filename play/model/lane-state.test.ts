import { describe, expect, it } from 'vitest';
import { GRACE, TOLERATED } from './client-state.ts';
import type { Fact, Side, Who } from './facts.ts';
import { atTime, type LaneState, newLane, next } from './lane-state.ts';
import { segmentsOf } from './track.ts';
import { verdictOf } from './verdict.ts';

const END = 1000;
const LATE = END + TOLERATED + 1;
const AFTER_GRACE = LATE + GRACE;

/** A user who is connected from 10 ms on, with a credential until 1000 ms. */
const connected = (who: Who = 'you', signIn = 1): Fact[] => [
  { is: 'joined', who, signIn, ended: null, at: 0 },
  { is: 'credential', who, endsAt: END, at: 5 },
  { is: 'opened', who, side: 'sends', at: 10 },
  { is: 'opened', who, side: 'receives', at: 10 },
];
const answered = (sentAt: number, at = sentAt + 1, who: Who = 'you'): Fact => ({
  is: 'answered', who, sentAt, role: false, at,
}); // prettier-ignore
const byRole = (sentAt: number): Fact => ({ is: 'answered', who: 'you', sentAt, role: true, at: sentAt + 1 });
const refused = (at: number, code = 'expired', role = false): Fact => ({ is: 'refused', who: 'you', code, role, at });
const heard = (pushedAt: number, lost = 0, who: Who = 'you'): Fact => ({
  is: 'heard', who, pushedAt, lost, at: pushedAt + 1,
}); // prettier-ignore
const closed = (side: Side, at: number, code: string | null = null): Fact => ({
  is: 'closed', who: 'you', side, code, at,
}); // prettier-ignore
const over = (side: Side, at: number, code: string): Fact => ({ is: 'over', who: 'you', side, code, at });
const opened = (side: Side, at: number): Fact => ({ is: 'opened', who: 'you', side, at });
const credential = (at: number, endsAt: number): Fact => ({ is: 'credential', who: 'you', endsAt, at });
const renewed = (at: number): Fact => ({ is: 'renewed', who: 'you', at });
const ended = (at: number, why: 'sign-out' | 'ban' | 'lost-role' = 'sign-out'): Fact => ({
  is: 'ended', why, askedAt: at - 10, at, ...(why === 'sign-out' && { signIn: 1 }),
}); // prettier-ignore

const played = (facts: readonly Fact[]): LaneState => facts.reduce(next, newLane);
const kinds = (lane: LaneState, side: Side, who: Who = 'you'): string[] =>
  segmentsOf(lane.clients.find((client) => client.who === who)![side]).map(({ kind }) => kind);

/** The facts after the connection, and the kinds that its two bars then have, in order, until a time. */
const table: [title: string, facts: Fact[], until: number, sends: string, receives: string, verdict: RegExp][] = [
  ['is entitled until its credential ends', [answered(500), heard(500)], 900, 'entitled', 'entitled', /^entitled and served$/],
  ['shows nothing at the end before something proves it', [], END + 50, 'entitled unproven', 'entitled unproven', /^open, and not served$/],
  ['takes no message that was sent before the end for a proof', [answered(990, LATE + 500)], LATE + 600, 'entitled unproven', 'entitled unproven', /not served/],
  ['is stale from the end on, once a later message was handled', [answered(LATE)], LATE + 9, 'entitled stale', 'entitled unproven', /^still acts 210 ms after expiry$/],
  ['may receive for the grace after an expiry', [heard(LATE)], LATE + 9, 'entitled unproven', 'entitled unproven', /not served/],
  ['is stale where it receives for longer', [heard(AFTER_GRACE)], AFTER_GRACE, 'entitled unproven', 'entitled stale', /^still receives 1.2 s after expiry$/],
  ['has no grace after a sign-out', [ended(500), heard(500 + TOLERATED + 1)], 800, 'entitled unproven', 'entitled stale', /^still receives 300 ms after sign-out$/],
  ['is served on both sides', [ended(500), answered(800), heard(800)], 900, 'entitled stale', 'entitled stale', /^still served 400 ms after sign-out$/],
  ['refuses messages and goes on sending to it', [refused(LATE), heard(AFTER_GRACE)], AFTER_GRACE, 'entitled unproven refused', 'entitled stale', /^still receives/],
  ['is cut by a sign-out', [ended(500), closed('sends', 503, 'revoked'), over('sends', 503, 'revoked'), closed('receives', 505), over('receives', 505, 'revoked')], 900, 'entitled unproven closed', 'entitled unproven closed', /^cut 15 ms after sign-out$/],
  ['was served until its last use, and then cut', [ended(300), answered(600), closed('sends', 900), over('sends', 900, 'revoked'), closed('receives', 900), over('receives', 900, 'revoked')], 950, 'entitled stale unproven closed', 'entitled unproven closed', /^was served for 300 ms after sign-out$/],
  ['is not cut by what came after it was closed', [closed('sends', END + 5), over('sends', END + 5, 'expired'), closed('receives', END + 5), over('receives', END + 5, 'expired'), ended(2000)], 2100, 'entitled unproven closed', 'entitled unproven closed', /^ended at expiry: expired$/],
  ['is renewed in place', [credential(900, 2000), renewed(900), answered(1500), heard(1500)], 1600, 'entitled', 'entitled', /^renewed in place$/],
  ['is renewed after the end', [credential(END + 100, 2000), renewed(END + 100)], 1600, 'entitled unproven entitled', 'entitled unproven entitled', /^renewed in place$/],
  ['reconnects, and has lost what was pushed meanwhile', [closed('sends', 990), closed('receives', 990), credential(1100, 2000), renewed(1100), opened('sends', 1200), opened('receives', 1200), heard(1300, 3)], 1400, 'entitled gap entitled', 'entitled gap entitled', /^renewed and reconnected$/],
  ['recovers from a refusal', [refused(500, 'unavailable'), answered(600)], 700, 'entitled refused entitled', 'entitled', /^entitled and served$/],
  ['acts by a role that it has lost', [ended(300, 'lost-role'), byRole(600), answered(610)], 700, 'entitled stale', 'entitled', /^acts by its lost role, 400 ms so far$/],
  ['acts by it until that is refused', [ended(300, 'lost-role'), byRole(600), refused(700, 'forbidden', true), answered(800)], 900, 'entitled stale unproven entitled', 'entitled', /^was served for 300 ms after the role was taken away$/],
  ['may not act by the role, and is entitled to all else', [ended(300, 'lost-role'), refused(320, 'forbidden', true), answered(700)], 800, 'entitled', 'entitled', /^entitled and served$/],
]; // prettier-ignore

describe('a lane', () => {
  it.each(table)('%s', (_, facts, until, sends, receives, verdict) => {
    const lane = atTime(played([...connected(), ...facts]), until);
    // Before it is opened, a connection is closed.
    expect(kinds(lane, 'sends').slice(1).join(' ')).toBe(sends);
    expect(kinds(lane, 'receives').slice(1).join(' ')).toBe(receives);
    expect(verdictOf(lane, until).text).toMatch(verdict);
  });

  it('ends one sign-in at a sign-out, and all at a ban', () => {
    const both = [...connected(), ...connected('device', 2)];
    const signedOut = played([...both, ended(500)]);
    expect(kinds(signedOut, 'sends').at(-1)).toBe('unproven');
    expect(kinds(signedOut, 'sends', 'device').at(-1)).toBe('entitled');
    expect(kinds(next(signedOut, ended(600, 'ban')), 'sends', 'device').at(-1)).toBe('unproven');
  });

  it('leads with the thief who is still served, and tells of the user too', () => {
    const lane = played([...connected(), ...connected('thief'), credential(900, 5000), heard(AFTER_GRACE, 0, 'thief')]);
    const { tone, text, notes } = verdictOf(lane, AFTER_GRACE);
    expect([tone, text]).toEqual(['bad', 'thief: still receives 1.2 s after expiry']);
    expect(notes).toContain('you: entitled and served');
  });

  it('accuses nobody of what arrives while a renewal is under way, unless the access was ended', () => {
    const late: Fact = { ...heard(AFTER_GRACE), renewing: true } as Fact;
    const expired = connected();
    expect(played([...expired, heard(AFTER_GRACE)]).clients[0]!.servedAfter).toBe('expiry');
    expect(played([...expired, late]).clients[0]).toMatchObject({ servedAfter: null, heard: 1 });
    expect(played([...expired, ended(500), late]).clients[0]!.servedAfter).not.toBeNull();
  });

  it('keeps a bounded past, and loses none of the present', () => {
    const flapping = Array.from({ length: 1000 }, (_, index) => [
      refused(20 + index / 10),
      answered(20 + index / 10 + 0.01, 20 + index / 10 + 0.02),
    ]).flat();
    const lane = played([...connected(), ...flapping, ended(500)]);
    expect(segmentsOf(lane.clients[0]!.sends).length).toBeLessThanOrEqual(151);
    expect(kinds(lane, 'sends').at(-1)).toBe('unproven');
    const losses = Array.from({ length: 1000 }, (_, index) => heard(index / 10 + 20, 1));
    expect(played([...connected(), ...losses]).clients[0]).toMatchObject({ lost: 1000 });
    expect(played([...connected(), ...losses]).clients[0]!.losses.length).toBeLessThanOrEqual(150);
  });

  it('is the same after the same facts, whether time was looked at in between or not', () => {
    const facts = table.flatMap(([, some]) => some).toSorted((a, b) => a.at - b.at);
    const all = [...connected(), ...facts];
    const looked = all.reduce((lane, fact) => next(atTime(lane, fact.at), fact), newLane);
    expect(looked).toEqual(played(all));
  });
});
