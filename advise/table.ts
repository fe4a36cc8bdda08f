import type { AuditReport } from '../audits/engine/audit-file.ts';
import { figure, table } from '../bench/report/format.ts';
import type { Run } from '../bench/model/run-file.ts';
import { advise, AdviceError, type Candidate, type Demand } from './advise.ts';
import { flipsOf } from './flips.ts';

const minute = 60_000;
const usual: Demand = {
  messagesPerSecond: 1000,
  connections: 1000,
  revocationWithin: 5000,
  tokenTtl: 5 * minute,
  nodes: 1,
  sharedStore: true,
};

/** What people have to serve, in words and in numbers. */
const demands: readonly (readonly [string, Demand])[] = [
  ['1,000 connections, 1,000 messages a second', usual],
  ['the same, and a ban within 50 ms', { ...usual, revocationWithin: 50 }],
  ['20,000 messages a second', { ...usual, messagesPerSecond: 20_000 }],
  ['20,000 quiet connections, 100 messages a second', { ...usual, connections: 20_000, messagesPerSecond: 100 }],
  ['tokens of 30 seconds', { ...usual, tokenTtl: 0.5 * minute }],
];

/** Those that serve; undefined where the run is too small to say. */
function rankedFor(...asked: Parameters<typeof advise>): ReturnType<typeof advise> | undefined {
  try {
    return advise(...asked).filter(({ out }) => out === undefined);
  } catch (error) {
    if (error instanceof AdviceError) return undefined;
    throw error;
  }
}

/** The first choice of each, with the arithmetic's figures; in Markdown. */
export function adviceTable(run: Run, audit: AuditReport | undefined, candidates: readonly Candidate[]): string {
  const rows = demands.map(([words, demand]) => {
    const ranked = rankedFor(demand, run, audit, candidates);
    if (ranked === undefined) return [words, 'past what this run measured', '', '', '', ''];
    const [first, second] = ranked;
    if (first === undefined) return [words, 'none', '', '', '', ''];
    const [flip] = flipsOf(ranked);
    return [
      words,
      `${first.title} (${first.variant})`,
      figure(first.cores),
      `${first.exposure} ms`,
      second === undefined ? '' : `${second.title} (${figure(second.cores)})`,
      flip === undefined
        ? ''
        : `${flip.direction} ${Math.round(flip.at)} ${flip.input === 'revocation-within' ? 'ms of revocation' : 'messages/s'}: ${flip.to}`,
    ];
  });
  return table(['You serve', 'First choice', 'Cores at most', 'A banned user acts for', 'Then', 'It flips'], rows, 6);
}
