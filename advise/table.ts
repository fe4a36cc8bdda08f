import type { AuditReport } from '../audits/engine/audit-file.ts';
import type { Run } from '../bench/model/run-file.ts';
import { table } from '../bench/report/format.ts';
import { type Advice, advise } from './advise.ts';
import type { Candidate, Demand } from './demand.ts';
import { failingBriefly, pickText, whyTexts } from './words.ts';

const minute = 60_000;
const usual: Demand = {
  messagesPerSecond: 1000,
  connections: 1000,
  revocationWithin: 5000,
  tokenTtl: 5 * minute,
  nodes: 1,
  sharedStore: true,
  silentListeners: true,
};
const pods: Demand = { ...usual, connections: 10_000, tokenTtl: 15 * minute, nodes: 3 };

/** Usual situations, in words and in numbers. A row names only what differs from the first. */
const situations: readonly (readonly [words: string, demand: Demand])[] = [
  ['1,000 connections, 1,000 messages per second, a ban within 5 s, some clients only listen', usual],
  ['a ban within 50 ms', { ...usual, revocationWithin: 50 }],
  ['20,000 messages per second', { ...usual, messagesPerSecond: 20_000 }],
  ['20,000 quiet connections', { ...usual, connections: 20_000, messagesPerSecond: 100 }],
  ['tokens of 30 seconds', { ...usual, tokenTtl: 0.5 * minute }],
  ['three nodes, tokens of 15 minutes, 10,000 connections', pods],
  ['three nodes without a shared store', { ...pods, sharedStore: false }],
  ['every client talks', { ...usual, silentListeners: false }],
];

/** The pick in usual situations, in Markdown. Situations with the same answer share a row. */
export function adviceTable(
  run: Run,
  audit: AuditReport | undefined,
  candidates: readonly Candidate[],
  nodes?: Run,
): string {
  const rows = new Map<string, { words: string[]; answer: string[] }>();
  for (const [words, demand] of situations) {
    const advice = advise(demand, run, audit, candidates, nodes);
    const answer = answerOf(advice);
    // Other milliseconds of a revocation do not make another answer.
    const key = [pickText(advice), answer.at(-1)].join();
    const row = rows.get(key) ?? { words: [], answer };
    row.words.push(words);
    rows.set(key, row);
  }
  return table(
    ['You serve', 'Pick', 'Why', 'Does not meet it'],
    [...rows.values()].map(({ words, answer }) => [words.join('; or: '), ...answer]),
    4,
  );
}

const answerOf = (advice: Advice): string[] => [
  pickText(advice, (name) => `\`${name}\``),
  whyTexts(advice).join(' '),
  failingBriefly(advice),
];
