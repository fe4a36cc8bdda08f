import { expect, it } from 'vitest';
import type { PlayEntry } from './lanes/entries.ts';
import type { Fact } from './model/facts.ts';
import { newLane, next } from './model/lane-state.ts';
import { recordingSvg } from './record.ts';

const entry: PlayEntry = {
  key: 'a-hardened',
  id: 'a<b',
  variant: 'hardened',
  title: 'A',
  summary: '',
  clientDoes: '',
  spec: { kind: 'strategy', id: 'a', variant: 'hardened' },
  movesByActivity: false,
  hasRole: true,
  deviations: {},
  sources: [],
};
const facts: Fact[] = [
  { is: 'joined', who: 'you', signIn: 'first', ended: null, at: 0 },
  { is: 'opened', who: 'you', side: 'sends', at: 100 },
  { is: 'renewed', who: 'you', at: 500 },
  { is: 'ended', why: 'sign-out', askedAt: 990, at: 1000 },
  { is: 'answered', who: 'you', sentAt: 1900, role: false, at: 1950 },
];

it('a recording draws what happened, and says it in words for who does not see it', () => {
  const svg = recordingSvg({ title: 'T', entries: [entry], states: [facts.reduce(next, newLane)], from: 0, to: 2000 });
  expect(svg).toMatch(/^<svg xmlns=/);
  for (const part of ['class="is-open"', 'class="stale-stripe"', 'class="renewed"', 'class="moment"'])
    expect(svg.split('data-key="a-hardened"')[1]).toContain(part);
  expect(svg).toContain(
    '<desc>2 seconds, recorded from real servers.\na&lt;b hardened: still acts 1.0 s after sign-out;',
  );
});
