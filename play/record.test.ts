import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { type PlayEntry, playEntries } from './lanes/entries.ts';
import type { Fact } from './model/facts.ts';
import { newLane, next } from './model/lane-state.ts';
import { originOf, recordingSvg } from './record.ts';
import { loadScenarios, type Scenario } from './stage/scenario.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const scenario: Scenario = {
  id: 't',
  title: 'T',
  says: '',
  steps: [
    { at: 0, do: 'reset' },
    { at: 1, do: 'sign-out' },
  ],
  until: 2,
};
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
  { is: 'joined', who: 'you', signIn: 1, ended: null, at: 0 },
  { is: 'opened', who: 'you', side: 'sends', at: 100 },
  { is: 'renewed', who: 'you', at: 500 },
  { is: 'ended', why: 'sign-out', signIn: 1, askedAt: 990, at: 1000 },
  { is: 'answered', who: 'you', sentAt: 1900, role: false, at: 1950 },
];

it('a recording draws what happened, and says it in words for who does not see it', () => {
  const svg = recordingSvg({ scenario, entries: [entry], states: [facts.reduce(next, newLane)], from: 0, to: 2000 });
  expect(svg).toMatch(/^<svg xmlns=/);
  for (const part of ['class="is-open"', 'class="stale-stripe"', 'class="renewed"', 'class="moment"'])
    expect(svg.split('data-key="a-hardened"')[1]).toContain(part);
  expect(svg).toContain('>Sign out</text>');
  expect(svg).not.toContain('>Start over</text>');
  expect(svg).toContain(
    '<desc>2 seconds, recorded from real servers.\na&lt;b hardened: still acts 1.0 s after sign-out.',
  );
});

it('the recorded picture of README is of the present scenario and lanes, and was drawn as it is now', async () => {
  const readme = readFileSync(`${root}README.md`, 'utf8');
  const [, id, path] = /npm run play -- --scenario ([\w-]+) --record (play\/[\w-]+\.svg)/.exec(readme) ?? [];
  expect(readme).toContain(`](${path})`);
  const shown = loadScenarios(root).find((each) => each.id === id)!;
  const [, said = ''] = /<metadata>(.*)<\/metadata>/.exec(readFileSync(root + path!, 'utf8')) ?? [];
  const origin = JSON.parse(said.replaceAll('&quot;', '"').replaceAll('&#39;', "'")) as unknown;
  expect(origin, 'Record it anew, by the command in README.md').toEqual(originOf(shown, await playEntries()));
});
