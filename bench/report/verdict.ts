import type { MetricName } from '../metrics.ts';
import { differs, isWithheld, noiseOf } from '../noise.ts';
import type { Run } from '../run-file.ts';
import { holm } from '../statistics.ts';
import { added, amount, ratio, table } from './format.ts';
import { contestantsOf, type Row } from './rows.ts';

/** How long after its end a credential may still serve before a row is said to give way there, in ms. */
const TOLERATED = 200;
export const SATURATED = { load: 'saturated' };

const ends: readonly { metric: MetricName; name: string }[] = [
  { metric: 'accepted-after-expiry', name: 'acts after expiry' },
  { metric: 'delivered-after-expiry', name: 'listens after expiry' },
  { metric: 'accepted-after-revocation', name: 'acts after sign-out' },
  { metric: 'delivered-after-revocation', name: 'listens after sign-out' },
  { metric: 'accepted-after-downgrade', name: 'keeps a lost role' },
];

/** Where a row gives way, in words; computed from its cells and nothing else. */
export function givesWay(row: Row): string {
  const found = ends.flatMap(({ metric, name }) => {
    const cell = row.cell(metric);
    if (cell === undefined) return [];
    if (cell.censored) return [`${name}, ${amount(cell)}`];
    return cell.median > TOLERATED ? [`${name}, for ${amount(cell)}`] : [];
  });
  if (ends.every(({ metric }) => row.cell(metric) === undefined)) return 'not looked at';
  return found.length === 0 ? 'nowhere that this run looks' : found.join('; ');
}

const isSafe = (row: Row): boolean => givesWay(row) === 'nowhere that this run looks';

/** Rows that this run cannot tell apart are of one tier; the cheapest first. */
const tiers = [
  { name: 'no dearer than the open door, as far as this run can tell', below: 1 },
  { name: 'up to half as much again', below: 1.5 },
  { name: 'up to three times as much', below: 3 },
  { name: 'more than three times as much', below: Infinity },
] as const;

interface Judged {
  readonly row: Row;
  /** Index of its tier by CPU per message at saturation; undefined where that was not measured. */
  readonly tier: number | undefined;
  readonly safe: boolean;
}

/** Each contestant with its tier; differences count after Holm's correction over all contestants. */
function judge(run: Run): Judged[] {
  const rows = contestantsOf(run);
  const cells = rows.map((row) => row.cell('server-cpu-per-message', SATURATED));
  const corrected = holm(cells.map((cell) => cell?.ratio?.p ?? 1));
  return rows.map((row, index) => {
    const cell = cells[index];
    const told = cell?.ratio && corrected[index]! < 0.05 && differs(cell.ratio, noiseOf(run, cell));
    const value = told ? cell.ratio!.estimate : 1;
    const tier = cell?.ratio
      ? tiers.findIndex(({ below }, at) => (at === 0 ? value <= below : value < below))
      : undefined;
    return { row, tier, safe: isSafe(row) };
  });
}

/** What each strategy costs and where it gives way, one line each, in tiers. */
export function verdictTable(run: Run): string {
  const head = ['Strategy', 'Variant', 'Gives way', 'CPU per message', 'added', 'CPU per connection'];
  const withheld = isWithheld(run);
  const judged = judge(run).toSorted((a, b) => Number(b.safe) - Number(a.safe) || (a.tier ?? 9) - (b.tier ?? 9));
  const rows = judged.map(({ row }) => {
    const message = row.cell('server-cpu-per-message', SATURATED);
    const connection = row.cell('server-cpu-per-connection');
    return [
      row.label,
      row.variant ?? '',
      givesWay(row),
      withheld ? 'withheld' : (message?.void ?? ratio(message?.ratio, message && noiseOf(run, message))),
      withheld ? '' : added(message?.added, 'us'),
      ratio(connection?.ratio, connection && noiseOf(run, connection)),
    ];
  });
  return table(head, rows, 3);
}

/** What the run says to pick, and why; every word follows from its cells. */
export function whatToPick(run: Run): string {
  if (isWithheld(run)) {
    return '**Verdicts are withheld:** this run told two names of the same code apart, so its differences mean nothing.';
  }
  const judged = judge(run).filter(({ tier }) => tier !== undefined);
  const lines = tiers.flatMap(({ name }, tier) => {
    const own = judged.filter((one) => one.tier === tier);
    if (own.length === 0) return [];
    return [`- **${capital(name)}**: ${own.map(named).join(', ')}.`];
  });
  const picks = judged.filter(({ safe, tier }) => safe && tier === Math.min(...judged.map((one) => one.tier!)));
  return [
    picks.length === 0
      ? 'No strategy is in the cheapest tier and holds wherever this run looks.'
      : `By this run, ${picks.map(named).join(', ')} cost${picks.length === 1 ? 's' : ''} a message nothing that it can see and give${picks.length === 1 ? 's' : ''} way nowhere that it looks: between them, what the client has to do and what a connection costs decide.`,
    '',
    'By server CPU per message at saturation:',
    '',
    ...lines,
  ].join('\n');
}

const named = ({ row: { label, variant } }: Judged): string => `${label} (${variant})`;
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
