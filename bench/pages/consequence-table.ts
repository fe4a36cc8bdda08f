import { verdictOf } from '../model/noise.ts';
import type { Run } from '../model/run-file.ts';
import { afterEndText, atExpiryText, costText } from '../report/consequence-text.ts';
import { changeText, duration } from '../report/format.ts';
import { explainedTable, type Column, entryName } from '../report/legend.ts';
import { type Row, SATURATED } from '../report/rows.ts';
import { TOLERATED } from '../report/leaks.ts';
import { type AuditedEnd, type Choice, choicesOf, goesOn } from './choices.ts';

interface Asked {
  readonly auditedEnd?: AuditedEnd | undefined;
  /** The peers that have a row; all of them where it is absent. */
  readonly peers?: readonly string[] | undefined;
}

/** One row for each entry: the effect of each end on its connections, and the cost of a message. Explains each column. */
export function consequenceTable(run: Run, { auditedEnd, peers }: Asked = {}): string {
  const choices = choicesOf(run, auditedEnd).filter(
    ({ row }) => row.role !== 'peer' || (peers?.includes(row.strategy) ?? true),
  );
  const all: readonly (readonly [...Column, (choice: Choice) => string])[] = [
    [
      'Entry',
      'the id and the variant. `hardened` closes every gap that can be closed, `as-published` is as in articles, a peer is what people write today. A lease is a connection that ends unless it is renewed.',
      ({ row }) => entryName(row),
    ],
    ['At expiry', expiryMeaning(choices), expiryCell],
    ['After sign-out', afterMeaning, ({ consequences }) => afterEndText(consequences.after['sign-out'])],
    [
      'After a ban',
      'the same, from the moment at which an administrator bans the user.',
      ({ consequences }) => afterEndText(consequences.after.ban),
    ],
    [
      'After a lost role',
      'the same, for messages that need a role which was taken away.',
      ({ consequences }) => afterEndText(consequences.after['lost role']),
    ],
    [
      'CPU per message',
      costMeaning(run, choices),
      ({ row }) => (isSame(run, row) ? 'same' : costText(run, costOf(row))),
    ],
    [
      'The client has to',
      'what client code does as its credential ends.',
      ({ row }) => run.entries[row.strategy]?.clientDoes?.[row.kind] ?? '',
    ],
  ];
  const rows = choices.map((choice) => all.map(([, , text]) => text(choice)));
  // A column that no run has recorded yet would be empty.
  const shown = all.flatMap((_, index) => (rows.some((row) => row[index] !== '') ? [index] : []));
  return explainedTable(
    shown.map((index) => [all[index]![0], all[index]![1]]),
    rows.map((row) => shown.map((index) => row[index]!)),
    shown.length,
  );
}

const afterMeaning = `how long the old connection still sent (acts) or was sent to (receives), 99th percentile. "goes on" means longer than ${TOLERATED} ms.`;

function expiryMeaning(choices: readonly Choice[]): string {
  const measured = choices.find(({ consequences }) => consequences.atExpiry.clients > 0);
  const { lifetimes = 0, lifetime = 0 } = measured?.row.cell('ended-connections')?.params ?? {};
  const clients = measured?.consequences.atExpiry.clients ?? 0;
  const of =
    clients === 0
      ? ''
      : ` ${2 * clients} connections lived for ${Number(lifetimes)} expiries; every credential, also a WS token, was valid for ${duration(Number(lifetime))}. Half of the connections only listened. With longer lifetimes the same loss comes less often.`;
  return `the effect on an honest client, which renews and reconnects as the strategy allows.${of} "goes on" means that an expired credential is still served, to a client that does not renew it.`;
}

const costOf = (row: Row) => row.cell('server-cpu-per-message', SATURATED);

const isSame = (run: Run, row: Row): boolean => {
  const cell = costOf(row);
  return cell !== undefined && verdictOf(run, cell) === 'no difference found';
};

function costMeaning(run: Run, choices: readonly Choice[]): string {
  const bounds = choices.filter(({ row }) => isSame(run, row)).map(({ row }) => costOf(row)?.ratio?.ciHigh ?? Infinity);
  const same =
    bounds.length === 0 || !Number.isFinite(Math.max(...bounds))
      ? ''
      : ` \`same\`: no difference was found, and all intervals end at ${changeText(Math.max(...bounds))} or below.`;
  return `compared with the same gateways without authentication, at full load.${same} A peer has fewer guards and limits than these gateways, so it can cost less.`;
}

/** The effect of expiry on an honest client, and whether an expired credential still works for a client that does not renew it. */
function expiryCell({ consequences: { atExpiry, after } }: Choice): string {
  if (!goesOn(after.expiry)) return atExpiryText(atExpiry);
  const text = afterEndText(after.expiry);
  return atExpiry.kind === 'nothing happens' || atExpiry.kind === 'not measured'
    ? text
    : `${atExpiryText(atExpiry)}; a client that does not renew ${text}`;
}
