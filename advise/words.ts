import { atExpiryText } from '../bench/report/consequence-text.ts';
import { duration, figure } from '../bench/report/format.ts';
import { listed } from '../bench/report/lines.ts';
import { type Advice, keyOf, type Note } from './advise.ts';
import { type Demand, isAlone } from './demand.ts';
import type { Option, Reason } from './options.ts';
import type { Criterion } from './rank.ts';
import type { WhatIf } from './what-if.ts';

/** `hardened` is the default of every strategy, so that only the other variant is named. */
export const nameOf = ({ strategy, variant }: Pick<Option, 'strategy' | 'variant'>): string =>
  variant === 'hardened' ? strategy : `${strategy} ${variant}`;

export const whole = (value: number): string => Math.round(value).toLocaleString('en');

/** A rate or a count, as a whole number where it is not small. */
export function rough(value: number): string {
  if (value > 0 && value < 0.1) return '<0.1';
  return value < 10 ? String(Number(value.toPrecision(2))) : whole(value);
}

export function demandText({
  messagesPerSecond, connections, revocationWithin, tokenTtl, nodes, sharedStore, silentListeners,
}: Demand): string {
  const shared = sharedStore ? 'with a shared store' : 'without a shared store';
  const where = nodes === 1 ? 'on one node' : `on ${nodes} nodes ${shared}`;
  const listeners = silentListeners ? 'some clients only listen' : 'every client talks';
  return (
    `You serve ${rough(messagesPerSecond)} messages per second and ${whole(connections)} connections ${where}. ` +
    `Access tokens live ${duration(tokenTtl)}, a revocation must act within ${duration(revocationWithin)}, and ${listeners}.`
  );
} // prettier-ignore

function reasonText(reason: Reason): string {
  switch (reason.kind) {
    case 'goes on after expiry':
      return `goes on after expiry (${[reason.acts && 'acts', reason.receives && 'receives'].filter(Boolean).join(', ')})`;
    case 'revocation too slow':
      return reason.ms === Infinity
        ? 'goes on after sign-out or ban'
        : `stays usable for ${duration(reason.ms)} after sign-out or ban`;
    case 'ends connections':
      return reason.silentOnly ? 'clients that only listen are disconnected for good' : 'connections end for good';
    case 'needs a shared store':
      return 'its sessions need a shared store';
  }
  return reason.what === 'expiry' ? 'its expiry was not measured' : 'its revocation was not measured';
}

const reasonsText = ({ reasons }: Option): string => reasons.map(reasonText).join('; ');

/** Options that fail for the same reasons, one text for each group. */
export function failingTexts({ failing }: Advice): string[] {
  const groups = new Map<string, string[]>();
  for (const option of failing) {
    const text = reasonsText(option);
    groups.set(text, [...(groups.get(text) ?? []), nameOf(option)]);
  }
  return [...groups].map(([text, names]) => `${names.join(', ')}: ${text}`);
}

/** The same in few words for a table: each option under its first reason. */
export function failingBriefly({ failing }: Advice): string {
  const groups = new Map<string, Option[]>();
  for (const option of failing) {
    const text = briefText(option.reasons[0]!);
    groups.set(text, [...(groups.get(text) ?? []), option]);
  }
  return [...groups]
    .map(([text, options]) => {
      const names = (wanted: boolean) =>
        options.filter((option) => isPublished(option) === wanted).map(({ strategy }) => `\`${strategy}\``);
      const published = names(true);
      const said = published.length === 0 ? [] : [`\`as-published\` of ${listed(published)}`];
      return `${[...names(false), ...said].join(', ')}: ${text}`;
    })
    .join('; ');
}

const isPublished = ({ variant }: Option): boolean => variant === 'as-published';

const briefText = (reason: Reason): string =>
  reason.kind === 'goes on after expiry' ? 'goes on after expiry' : reasonText(reason);

/** The effect of expiry on the connections of an option that meets the demand. */
export function expiryText({ atExpiry, loss, reconnectsPerDay }: Option): string {
  if (atExpiry.kind === 'ended for good' && loss === 'nothing') return 'messages keep its sessions alive, nothing lost';
  const text = atExpiryText(atExpiry);
  return loss === 'reconnects' ? text.replace('reconnects', `reconnects ${everyText(reconnectsPerDay)}`) : text;
}

/** How often a connection reconnects: `96 times a day`, or `every 30 days`. */
const everyText = (perDay: number): string =>
  perDay > 1 ? `${rough(perDay)} times a day` : `every ${duration(86_400_000 / perDay)}`;

/** How fast a revocation acts. */
export function exposureText({ exposure: { ms, from } }: Option): string {
  if (ms === undefined) return 'revocation not measured';
  if (from === 'lifetime') return `a revoked credential is usable for up to ${duration(ms)}`;
  return `sign-out or ban takes effect within ${duration(Math.max(1, Math.round(ms)))}`;
}

/** Why the first options are picked, and what sets the next ones behind them; sentences. */
export function whyTexts({ demand, tiers: [first, second] }: Advice): string[] {
  if (first === undefined)
    return isAlone(demand) ? ['No other node hears of a sign-out or ban before the credential ends.'] : [];
  const [option] = first.options;
  const isOne = first.options.length === 1;
  const losing = {
    nothing: !isOne
      ? 'Nothing is lost at expiry.'
      : option!.supports.renewal === 'activity'
        ? 'Messages keep its sessions alive, so nothing is lost while every client talks.'
        : 'At expiry its connections are renewed in place, and nothing is lost.',
    reconnects: `At expiry ${isOne ? 'its' : 'their'} connections reconnect, ${everyText(option!.reconnectsPerDay)}.`,
    'ends connections': 'It ends connections for good.',
  }[option!.loss];
  const slowest = first.options.toSorted((a, b) => (b.exposure.ms ?? 0) - (a.exposure.ms ?? 0))[0]!;
  const revoked = exposureText(slowest);
  return [
    losing,
    `${revoked[0]!.toUpperCase()}${revoked.slice(1)}.`,
    ...(isOne ? [] : ['No measured difference ranks one before the other.']),
    ...(second?.behindBy === undefined ? [] : [behindText(second.behindBy, option!, second.options[0]!)]),
  ];
}

const losingTexts = {
  nothing: 'loses nothing',
  reconnects: 'reconnects at expiry',
  'ends connections': 'ends connections',
};

function behindText(by: Criterion, first: Option, next: Option): string {
  const name = nameOf(next);
  switch (by) {
    case 'loss':
      return `Next is ${name}: it ${losingTexts[next.loss]}.`;
    case 'reconnects':
      return `Next is ${name}: it reconnects ${everyText(next.reconnectsPerDay)}.`;
    case 'storm':
      return `Next is ${name}. When all credentials end at once, it ${stormText(next)}. ${nameOf(first)} ${stormText(first)}.`;
    case 'store': {
      const [more, less] = [next, first].map(({ cost }) => rough(cost.storeCommandsPerSecond!));
      return `Next is ${name}: it sends ${more} commands per second to the store, ${nameOf(first)} ${less}.`;
    }
  }
  return `Next is ${name}: its CPU per message is ${figure(next.cost.cpu!.estimate)} times that without authentication.`;
}

function stormText({ cost: { storm } }: Option): string {
  if (storm === undefined) return 'renews nothing';
  const { peak, calmAfter, falseLogouts } = storm;
  if (falseLogouts > 0) return `signs out ${whole(falseLogouts)} clients by mistake`;
  const last =
    calmAfter > 0 ? `the last client is back ${duration(calmAfter)} after the end` : 'every client renews in time';
  return `renews up to ${whole(peak)} times per second, and ${last}`;
}

export function whatIfText({ change, picks }: WhatIf): string {
  const then = picks.length === 0 ? 'nothing would meet the demand' : `pick ${listed(picks.map(shortened), 'or')}`;
  switch (change.kind) {
    case 'silent listeners':
      return `${change.silentListeners ? 'If some clients only listen' : 'If every client talks'}: ${then}.`;
    case 'shared store':
      return `${change.sharedStore ? 'With a shared store' : 'Without a shared store'}: ${then}.`;
  }
  return change.direction === 'below'
    ? `If a revocation must act in less than ${duration(change.ms)}: ${then}.`
    : `If a revocation may take ${duration(change.ms)}: ${then}.`;
}

const shortened = (key: string): string => key.replace(/ hardened$/, '');

export function noteText(note: Note): string {
  switch (note.kind) {
    case 'nodes':
      return nodesText(note.basis);
    case 'lifetime':
      return note.of === 'WS token'
        ? `${listed(note.strategies)}: its WS token is assumed to live ${duration(note.ms)}.`
        : `${listed(note.strategies)}: it is assumed to end after ${duration(note.ms)} without a message.`;
    case 'messages':
      return `One process answered at most ${whole(note.measuredTo)} messages per second. Cores for more are extrapolated.`;
    case 'connections':
      return `A process held at most ${whole(note.measuredTo)} connections. Memory for more is extrapolated.`;
  }
  return 'Without a shared store, a node refuses the sessions and the hardened tokens that another node issued. Clients that use them must always reach the same node.';
}

function nodesText(basis: Extract<Note, { kind: 'nodes' }>['basis']): string {
  const overhead = 'Cores leave out what nodes spend on talking to each other.';
  switch (basis.kind) {
    case 'not measured':
      return `Several nodes were not measured: revocation is that of one node. Measure with: npm run bench -- --profile nodes`;
    case 'measured':
      return `This number of nodes was measured. ${overhead}`;
    case 'interpolated':
      return `Figures for nodes are interpolated between ${basis.between.join(' and ')} nodes. ${overhead}`;
  }
  return `Figures for nodes are those of ${basis.nearest} nodes, the nearest that was measured. ${overhead}`;
}

/** The first options, such as `a or b`; `none` where nothing meets the demand. Each name is given to `marked`. */
export const pickText = ({ tiers: [first] }: Advice, marked = (name: string) => name): string =>
  first === undefined
    ? 'none'
    : listed(
        first.options.map((option) => marked(shortened(keyOf(option)))),
        'or',
      );
