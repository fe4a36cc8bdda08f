import { noiseOf, separatedTwins, verdictOf } from '../model/noise.ts';
import { profiles } from '../model/profiles.ts';
import type { Cell, Run } from '../model/run-file.ts';
import { atExpiryText, costText } from '../report/consequence-text.ts';
import { type End, ends } from '../report/consequences.ts';
import { changeText, duration, paramsOf } from '../report/format.ts';
import { listed, wrapped } from '../report/lines.ts';
import { quoted } from '../report/quoted.ts';
import { nodeCounts, type Row, rowsOf, SATURATED } from '../report/rows.ts';
import { type Choice, choicesOf, goesOn as isOpenAfter, mayBeBest, notJudged } from './choices.ts';
import { busyStamp } from './processes.ts';

/** Rows that are named one by one; a reader finds the others in the report. */
const MOST = 6;

/**
 * The last screen of a run: what stays usable after its end, what costs more, how noisy the run was, and what to do next.
 * Some 25 lines of 80 columns. `folder` is where the run is, as a shell in the repository would find it.
 */
export function summary(run: Run, folder: string): string {
  const choices = choicesOf(run);
  const facts = [
    ...picks(run, choices),
    ...atExpiry(choices),
    ...goesOn(choices),
    ...nodes(run),
    ...costs(run, choices),
  ];
  return [
    ...head(run),
    '',
    ...(facts.length === 0 ? ['This run measured neither expiry nor the cost of a message.'] : facts),
    ...noise(run),
    '',
    ...next(run, folder),
  ].join('\n');
}

function head(run: Run): string[] {
  const counted = run.failures.length === 1 ? '1 failure' : `${run.failures.length} failures`;
  const state = run.complete ? 'complete' : `NOT COMPLETE${run.failures.length === 0 ? '' : `, ${counted}`}`;
  return wrapped(`Run of ${run.profile}: ${state}, ${run.cells.length} figures in ${duration(1000 * run.seconds)}.`);
}

/** The strategy that a reader with an expiring token can take, as RESULTS.md picks it, and why. */
function picks(run: Run, choices: readonly Choice[]): string[] {
  if (profiles.find(({ id }) => id === run.profile)?.claims === false)
    return wrapped(`The profile ${run.profile} only proves that everything runs. Do not choose by its figures.`);
  const strategies = choices.filter(
    ({ row, consequences }) => row.role === 'strategy' && consequences.atExpiry.kind !== 'not measured',
  );
  if (strategies.length === 0) return [];
  const of = (wanted: Choice['outcome']) => strategies.filter(({ outcome }) => outcome === wanted);
  const [best] = of('uninterrupted');
  if (best !== undefined)
    return wrapped(`Pick ${nameOf(best)}: it lost nothing at expiry, and nothing went on after an end.`);
  if (mayBeBest(choices))
    return wrapped('Nothing is picked: a strategy that may be the best was not measured at every end.');
  const fair = of('interrupted');
  if (fair.length === 0)
    return wrapped('No strategy of this run ends with its credential and keeps every connection that may stay.');
  return wrapped(
    `Pick ${listed(fair.map(nameOf), 'or')}: every connection came back, though messages were lost, and nothing went on after an end.`,
  );
}

function atExpiry(choices: readonly Choice[]): string[] {
  const rows = choices.filter(
    ({ row, consequences }) => !isArticle(row) && row.role === 'strategy' && consequences.atExpiry.kind !== 'not measured',
  ); // prettier-ignore
  if (rows.length === 0) return [];
  const shown = rows.slice(0, MOST);
  const width = Math.max(...shown.map(({ row }) => row.strategy.length));
  return [
    'When the credential expires while the connection is open (hardened):',
    ...shown.flatMap(({ row, consequences }) =>
      wrapped(`  ${row.strategy.padEnd(width)}  ${atExpiryText(consequences.atExpiry)}`, width + 4),
    ),
    ...more(rows.length - shown.length),
  ];
}

const wentOn = ({ consequences: { after } }: Choice): End[] => ends.filter((end) => isOpenAfter(after[end]));

/**
 * The entries that still act or receive after an end, in groups that behave alike: hardened strategies first, and the peers
 * together last, after the ends that all of them go on after.
 */
function goesOn(choices: readonly Choice[]): string[] {
  const measured = choices.filter(({ consequences: { after } }) =>
    ends.some((end) => after[end].acts ?? after[end].receives),
  );
  if (measured.length === 0) return [];
  const unseen = notJudged(choices);
  const open = measured.filter((one) => wentOn(one).length > 0);
  const clean = measured.filter((one) => !open.includes(one) && !unseen.includes(one));
  const groups = new Map<string, Choice[]>();
  for (const one of open) {
    const key = one.row.role === 'peer' ? 'peers' : wentOn(one).join(', ');
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const rank = ([first]: readonly Choice[]) => ['hardened', 'as-published', null].indexOf(first!.row.variant);
  const lines = [...groups.values()]
    .toSorted((a, b) => rank(a) - rank(b) || wentOn(b[0]!).length - wentOn(a[0]!).length)
    .map((rows) => {
      const shared = wentOn(rows[0]!).filter((end) => rows.every((one) => wentOn(one).includes(end)));
      return `Still usable after ${listed(shared)}: ${group(rows, choices)}.`;
    });
  return [
    ...lines.slice(0, 3).flatMap((line) => wrapped(line, 2)),
    ...more(lines.length - 3),
    ...(clean.length === 0 ? [] : ended(clean, choices)),
    ...(unseen.length === 0
      ? []
      : wrapped(
          `Not measured at every end, so not judged: ${listed(unseen.map(nameOf))}. Repeat the run while the machine is quiet.`,
          2,
        )),
  ];
}

function ended(clean: readonly Choice[], choices: readonly Choice[]): string[] {
  const uses = clean.flatMap(({ consequences: { after } }) =>
    ends.flatMap((end) => [after[end].acts, after[end].receives].flatMap((use) => (use ? [{ end, ms: use.ms }] : []))),
  );
  const seen = ends.filter((one) => uses.some(({ end }) => end === one));
  const missing = ends.filter((one) => !seen.includes(one));
  const within = Math.round(Math.max(...uses.map(({ ms }) => ms)));
  const lacks = missing.length === 0 ? '' : ` (not measured: ${listed(missing)})`;
  return wrapped(`Ended within ${within} ms of ${listed(seen)}: ${group(clean, choices)}${lacks}.`, 2);
}

/** In a run of several nodes: how long a connection on another node goes on after a sign-out. */
function nodes(run: Run): string[] {
  const most = nodeCounts(run).at(-1);
  if (most === undefined) return [];
  const rows = rowsOf(run, 'scale').filter(({ role }) => role === 'strategy');
  const texts = rows.map((row) => {
    const cell = row.cell('revocation-p99', { nodes: most });
    const text = cell === undefined || cell.void !== undefined ? 'not measured' : `${cell.median.toFixed(0)} ms`;
    return `  ${row.strategy}: ${text}`;
  });
  return [`On ${most} nodes, a connection on another node ends after a sign-out within (p99):`, ...texts];
}

/** CPU per message: the entries that cost the same, and those that cost more, the dearest first. */
function costs(run: Run, choices: readonly Choice[]): string[] {
  const priced = choices.flatMap((one) => {
    const cell = one.row.cell('server-cpu-per-message', SATURATED);
    return cell === undefined || cell.void !== undefined || cell.ratio === null ? [] : [{ ...one, cell }];
  });
  if (priced.length === 0) return [];
  if (priced.every(({ cell }) => verdictOf(run, cell) === 'withheld')) return [];
  const estimate = ({ ratio }: Cell): number => ratio!.estimate;
  const same = priced.filter(({ row, cell }) => !isArticle(row) && verdictOf(run, cell) === 'no difference found');
  const dearer = priced
    .filter(({ cell }) => verdictOf(run, cell) === 'significant' && estimate(cell) > 1)
    .toSorted((a, b) => estimate(b.cell) - estimate(a.cell));
  const dear = (one: (typeof dearer)[number]) => `${nameOf(one)} ${costText(run, one.cell)}`;
  const bounds = same.flatMap(({ cell }) => cell.ratio!.ciHigh ?? []);
  const atMost = bounds.length === 0 ? '' : ` (at most ${changeText(Math.max(...bounds))})`;
  return [
    'CPU per message, compared with no authentication:',
    ...(same.length === 0 ? [] : wrapped(`  no difference found${atMost}: ${group(same, choices)}`, 4)),
    ...(dearer.length === 0 ? [] : wrapped(`  more: ${shortList(dearer.map(dear))}`, 4)),
  ];
}

/** The smallest difference that the run reports, which verdicts it withholds, and whether the machine was busy. */
function noise(run: Run): string[] {
  const twins = run.cells.filter(({ role }) => role === 'twin');
  const floorOf = (metric: string, params: Cell['params']): string | undefined => {
    const twin = twins.find((cell) => cell.metric === metric && (params['load'] ?? cell.params['load']) === cell.params['load']); // prettier-ignore
    const found = twin && noiseOf(run, twin);
    return found && changeText(found.floor).slice(1);
  };
  const floors = [
    ['CPU per message', floorOf('server-cpu-per-message', SATURATED)],
    ['CPU per connection', floorOf('server-cpu-per-connection', {})],
  ].flatMap(([name, floor]) => (floor === undefined ? [] : [`${floor} for ${name}`]));
  const busy = busyStamp(run);
  const withheld = separatedTwins(run).map(({ metric, ...cell }) => `${metric}${paramsOf(cell)}`);
  return [
    ...(floors.length === 0
      ? []
      : wrapped(`Noise floor: ${listed(floors)}.`, 2)),
    ...(withheld.length === 0
      ? []
      : wrapped(`Verdicts withheld (the A/A twins differ): ${shortList(withheld)}.`, 2)),
    ...(busy === undefined ? [] : wrapped(busy, 2)),
  ]; // prettier-ignore
}

function next({ profile: id, complete, narrowed }: Run, folder: string): string[] {
  const path = quoted(folder);
  const profile = profiles.find((one) => one.id === id);
  const isWhole = narrowed.suite === null && narrowed.strategy === null;
  const commands = complete
    ? [
        ...(profile?.claims === false ? ['npm run bench'] : []),
        ...(profile?.claims && isWhole && !profile.beside
          ? ['npm run advise -- --connections 10k --messages-per-second 1k --token-ttl 15m']
          : []),
        ...(profile?.claims && narrowed.strategy === null ? [`npm run publish -- ${path}`] : []),
      ] // prettier-ignore
    : [`npm run bench -- --resume --out ${path}`];
  return [
    `Report: ${quoted(`${folder}/report.html`)}`,
    ...(commands.length === 0 ? [] : ['Next:', ...commands.map((command) => `  ${command}`)]),
  ];
}

const more = (count: number): string[] => (count > 0 ? [`  and ${count} more in the report`] : []);

const shortList = (texts: readonly string[]): string =>
  texts.length <= 3 ? listed(texts) : `${texts.slice(0, 3).join(', ')} and ${texts.length - 3} more`;

const isArticle = ({ variant }: Row): boolean => variant === 'as-published';

const nameOf = ({ row }: Choice): string => (isArticle(row) ? `${row.strategy} (as-published)` : row.strategy);

/** Rows by id, in few words where they are all that a run has of their kind: `all 5 hardened strategies and a-peer`. */
function group(rows: readonly Choice[], choices: readonly Choice[]): string {
  const of = (all: readonly Choice[], variant: string | null) => all.filter(({ row }) => row.variant === variant);
  const texts = ['hardened', 'as-published', null].flatMap((variant) => {
    const [own, all] = [of(rows, variant), of(choices, variant)];
    if (variant !== null && own.length > 2 && own.length === all.length)
      return [`all ${own.length} ${variant} strategies`];
    if (own.length === 0) return [];
    const ids = own.map(({ row }) => row.strategy);
    if (variant === null && own.length > 2 && own.length === all.length) return [`all ${own.length} peers`];
    return variant === 'as-published' ? [`as-published ${listed(ids)}`] : ids;
  });
  return texts.join(', ');
}
