import { parseArgs } from 'node:util';
import { loadTargets } from '../targets/registry.ts';
import { type Score, scoreOf } from '../targets/shared/run.ts';
import type { Output } from './run-audit.ts';

/** Targets that are audited side by side: they wait most of the time. */
const SIDE_BY_SIDE = 4;

/** Whether the audit of a target told the truth. */
export const isRight = ({ missed, wrong, untold }: Score): boolean =>
  missed.length + wrong.length + untold.length === 0;

/** Audits every target, or those of a copy in `folder`. Returns the scores in the order of their ids. */
export async function scores(
  only = '',
  destructive = false,
  onScore: (score: Score) => void = () => {},
  folder?: string,
): Promise<Score[]> {
  const chosen = [...(await loadTargets())].filter(([id]) => id.includes(only));
  const waiting = [...chosen];
  const done: Score[] = [];
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const score = await scoreOf(...next, destructive, folder);
      done.push(score);
      onScore(score);
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, lane));
  return done.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/** The table of all targets, and how much was found of what is true (recall), and true of what was found (precision). */
export function scoreTable(all: readonly Score[]): string {
  const rows = all.map((score) => {
    const { id, seconds, found, missed, wrong, untold, isEnded } = score;
    const faults = [
      ...missed.map((one) => `missed ${one}`),
      ...wrong.map((one) => `false: ${one}`),
      ...untold.map((one) => `could not tell ${one}`),
      ...(isEnded ? ['ended'] : []),
    ];
    const what = found.length === 0 ? 'nothing to find' : found.join(', ');
    return `${id.padEnd(36)}${`${seconds.toFixed(1)} s`.padStart(7)}  ${[what, ...faults].join('; ')}`;
  });
  const { precision, recall } = ratesOf(all);
  const slowest = Math.max(0, ...all.map(({ seconds }) => seconds));
  const words = `${all.length} servers: precision ${precision.toFixed(2)}, recall ${recall.toFixed(2)}, the slowest ${slowest.toFixed(1)} s`;
  return [...rows, '', words].join('\n');
}

export function ratesOf(all: readonly Score[]): { precision: number; recall: number } {
  const sum = (of: (score: Score) => number): number => all.reduce((total, score) => total + of(score), 0);
  const found = sum((score) => score.found.length);
  const share = (others: number): number => (others === 0 ? 1 : found / (found + others));
  return { precision: share(sum(({ wrong }) => wrong.length)), recall: share(sum(({ missed }) => missed.length)) };
}

/** `targets [--only TEXT] [--destructive]`. Returns the exit code. */
export async function targets(args: readonly string[], { out, error }: Output): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { only: { type: 'string' }, destructive: { type: 'boolean', default: false } },
  });
  const all = await scores(values.only, values.destructive, ({ id }) => error(`${id}: done\n`));
  out(`${scoreTable(all)}\n`);
  return all.every(isRight) ? 0 : 1;
}
