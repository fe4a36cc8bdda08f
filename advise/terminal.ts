import { listed, wrapped } from '../bench/report/lines.ts';
import type { Advice } from './advise.ts';
import type { Option } from './options.ts';
import { demandText, expiryText, exposureText, failingTexts, nameOf, noteText, rough, whatIfText, whole, whyTexts } from './words.ts'; // prettier-ignore
import type { WhatIf } from './what-if.ts';

const WIDTH = 80;

/** An item of a list, in lines that are indented as far as its mark. */
const item = (mark: string, text: string): string[] => wrapped(`${mark}${text}`, mark.length);

/**
 * Advice for a terminal of 80 columns: the pick first, then what breaks, what it takes, and what would change the pick.
 *
 * @param files where the figures are from, such as `results/full/run.json`
 */
export function adviceText(advice: Advice, changes: readonly WhatIf[], files: readonly string[]): string {
  const { tiers, failing } = advice;
  const options = tiers.flatMap((tier) => tier.options);
  const sections: (readonly [title: string, lines: readonly string[]])[] = [
    ['', wrapped(demandText(advice.demand))],
    ['', wrapped(verdictText(advice))],
    ['What breaks', breaksLines(advice)],
    ['Does not meet it', failing.length === 0 ? [] : failingTexts(advice).flatMap((text) => item('-  ', text))],
    ['What it takes to run', options.length === 0 ? [] : costLines(options, advice)],
    ['What would change the pick', changesLines(changes)],
    ['Good to know', advice.notes.flatMap((note) => item('-  ', noteText(note)))],
    ['', wrapped(`Figures from ${listed(files)}.`)],
  ];
  return sections
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => [...(title === '' ? [] : [title]), ...lines].join('\n'))
    .join('\n\n');
}

function verdictText(advice: Advice): string {
  const [first] = advice.tiers;
  if (first === undefined)
    return ['Nothing meets that.', ...whyTexts(advice), 'What would change it is below.'].join(' ');
  const names = first.options.map(({ strategy, variant }) => `${strategy} (${variant})`);
  return [`Pick ${listed(names, 'or')}.`, ...whyTexts(advice)].join(' ');
}

function breaksLines({ tiers }: Advice): string[] {
  const clients = tiers.flatMap(({ options }) => options).map(({ atExpiry }) => atExpiry.clients);
  const counted = Math.max(0, ...clients);
  const legend = `Losses are those of the run's ${counted} users with two connections each. Variants are hardened unless named.`;
  return [
    ...tiers.flatMap(({ options }, index) =>
      options.flatMap((option) =>
        item(`${index + 1}. `, `${nameOf(option)}: ${expiryText(option)}; ${exposureText(option)}`),
      ),
    ),
    ...(tiers.some(({ options }) => options.length > 1)
      ? wrapped('Options with the same number: no measured difference between these.')
      : []),
    ...(counted === 0 ? [] : wrapped(legend)),
  ];
}

const changesLines = (changes: readonly WhatIf[]): string[] =>
  changes.length === 0
    ? wrapped('Neither silent clients, nor a shared store, nor another time for a revocation would change it.')
    : changes.flatMap((change) => item('-  ', whatIfText(change)));

interface Column {
  readonly head: string;
  readonly of: (option: Option) => string;
  /** The meaning of the column, for the lines below the table. */
  readonly legend: string;
}

function costLines(options: readonly Option[], { demand }: Advice): string[] {
  const has = (of: (option: Option) => unknown) => options.some((option) => of(option) !== undefined);
  const kinds = new Set(options.flatMap(({ cost }) => cost.memory?.of ?? []));
  const held = options.find(({ cost }) => cost.storm !== undefined)?.cost.storm?.connections ?? 0;
  const columns: (Column | false)[] = [
    { head: '', of: nameOf, legend: '' },
    {
      head: 'CPU/message',
      of: ({ cost }) => cost.cpuText,
      legend: 'CPU/message: against the same server without authentication.',
    },
    {
      head: 'Cores',
      of: ({ cost }) => (cost.cores === undefined ? '?' : cost.cores.toFixed(cost.cores < 0.1 ? 3 : 2)),
      legend: 'Cores: of the whole service, for messages and renewals.',
    },
    {
      head: 'Memory',
      of: ({ cost }) => (cost.memory === undefined ? '?' : memoryText(cost.memory.mebibytes)),
      legend: `Memory: the ${[...kinds].join(' or ')} of ${whole(demand.connections)} connections.`,
    },
    {
      head: 'Renew/s',
      of: ({ cost }) => rough(cost.renewalsPerSecond),
      legend: 'Renew/s: renewals per second of all connections.',
    },
    has(({ cost }) => cost.storm) && {
      head: 'Peak/s',
      of: ({ cost }) =>
        cost.storm === undefined ? (cost.renewalsPerSecond === 0 ? '0' : '?') : whole(cost.storm.peak),
      legend: `Peak/s: the most renewals per second when ${whole(held)} credentials ended at once.`,
    },
    has(({ cost }) => cost.storeCommandsPerSecond) && {
      head: 'Store/s',
      of: ({ cost }) => (cost.storeCommandsPerSecond === undefined ? '?' : rough(cost.storeCommandsPerSecond)),
      legend: 'Store/s: commands per second to the shared store, at most.',
    },
  ];
  const shown = columns.filter((column) => column !== false);
  return [...gridLines(shown, options), ...shown.flatMap(({ legend }) => (legend === '' ? [] : wrapped(legend)))];
}

/** A row for each option; where names leave too little room, each stands on a line of its own above its figures. */
function gridLines(columns: readonly Column[], options: readonly Option[]): string[] {
  const rows = [columns.map(({ head }) => head), ...options.map((option) => columns.map(({ of }) => of(option)))];
  const widths = columns.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lineOf = (row: readonly string[], from: number) =>
    row
      .map((text, column) => (column < 2 ? text.padEnd(widths[column]!) : text.padStart(widths[column]!)))
      .slice(from)
      .join('  ')
      .trimEnd();
  const lines = rows.map((row) => lineOf(row, 0));
  if (lines.every(({ length }) => length <= WIDTH)) return lines;
  return rows.flatMap((row) => [...(row[0] === '' ? [] : [row[0]!]), `  ${lineOf(row, 1)}`]);
}

const memoryText = (mebibytes: number): string =>
  mebibytes < 1024 ? `${rough(mebibytes)} MiB` : `${rough(mebibytes / 1024)} GiB`;
