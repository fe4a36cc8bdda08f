import type { Ended, Facts, Observation } from '../run/facts.ts';
import { type VariantId, variants } from '../run/variants.ts';
import type { Line } from '../wire/client.ts';
import { isCut, isFirstMessage, isHandled, isListening, isRefusedLater } from './checks.ts';
import type { FindingId } from './findings.ts';
import type { Severity } from './report.ts';

/** One cause that a run shows. */
export interface Cause {
  readonly id: FindingId;
  readonly severity: Severity;
  readonly seen: string;
  readonly checks: readonly string[];
  readonly lines: readonly Line[];
  /** How a client reproduces it. */
  readonly by: Reproduction;
}

export interface Reproduction {
  /** What stands in the place of the credential. */
  readonly variant: VariantId | 'valid';
  readonly origin?: true;
  readonly root?: true;
  /** What has to happen before the client tries. */
  readonly after?: string;
}

const inMs = (ms: number): string => (ms >= 2000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms)} ms`);
const questionsOf = (ids: readonly string[], names: readonly string[]): string[] =>
  ids.flatMap((id) => names.map((name) => `${name}/${id}`));
const ALL = ['connect', 'handle', 'receive'];

/** What each credential got in the end. */
type Outcome = 'refused' | 'acts' | 'acts, then cut' | 'receives' | 'receives, then cut' | 'stays' | 'cut';

function outcomeOf(one: Observation): Outcome {
  if (one.connect !== 'admitted') return 'refused';
  if (isHandled(one)) return isCut(one) || one.late !== 'handled' && isGone(one) ? 'acts, then cut' : 'acts';
  if (isListening(one)) return isCut(one) ? 'receives, then cut' : 'receives';
  return isCut(one) ? 'cut' : 'stays';
}

/** It stays, and what it did at first it may not do any more. */
const isGone = ({ late }: Observation): boolean => late === 'refused';

/** One cause each, however many checks show it; the worst first is left to the report. */
export function causesOf(facts: Facts): Cause[] {
  const admissions = admissionCauses(facts);
  return [
    ...deathCause(facts),
    ...admissions,
    ...ownerCauses(facts, admissions),
    ...facts.ended.flatMap((one) => ('why' in one ? [] : endCause(one, facts, admissions))),
    ...sideCauses(facts),
  ];
}

function deathCause({ death }: Facts): Cause[] {
  if (death === undefined) return [];
  const back = death.isBack ? ', and was started again' : '';
  const seen = `The server ended${back}; it was asked about ${death.during}, and the last frame below was the last that it got.`;
  return [{ id: 'server-ended', severity: 'critical', seen, checks: ['alive'], lines: death.lines, by: { variant: 'none' } }];
}

const STRANGERS: readonly VariantId[] = ['none', 'arbitrary'];
const FORGERIES: readonly VariantId[] = ['forged', 'other-secret', 'alg-none'];

/** Of credentials that nobody has issued. */
function admissionCauses(facts: Facts): Cause[] {
  const outcomes = new Map(facts.observations.map((one) => [one.id, { one, outcome: outcomeOf(one) }]));
  const which = (wanted: readonly Outcome[], among: readonly VariantId[]) =>
    among.filter((id) => wanted.includes(outcomes.get(id)?.outcome ?? 'refused'));
  const invented = [...STRANGERS, ...FORGERIES];
  const of = (id: FindingId, severity: Severity, ids: readonly VariantId[], seen: (one: Observation) => string): Cause[] => {
    const [first] = ids;
    if (first === undefined) return [];
    const { one } = outcomes.get(first)!;
    return [{ id, severity, seen: seen(one), checks: questionsOf(ids, ALL), lines: one.lines, by: { variant: first } }];
  };
  const names = (ids: readonly VariantId[]): string => {
    const all = ids.map((id) => variants[id]);
    return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} or ${all.at(-1)}`;
  };
  const acting = which(['acts'], STRANGERS);
  const everybody = which(['acts', 'receives', 'stays'], invented);
  if (acting.length > 0)
    return of('stranger-acts', 'critical', [...new Set([...acting, ...everybody])], (one) =>
      `A client with ${names(acting)} was still connected after ${inMs(one.watched)}, and its messages were handled.`,
    );
  const causes: Cause[] = [];
  const forged = which(['acts'], FORGERIES);
  causes.push(
    ...of('signature-not-verified', 'critical', forged, () => `The server handled the messages of a client with ${names(forged)}.`),
  );
  const hasty = which(['acts, then cut'], [...invented, 'expired', 'forbidden']);
  causes.push(
    ...of('acts-before-verdict', 'high', hasty, (one) => {
      const end = one.stayed === undefined ? 'was refused later' : `was cut after ${inMs(one.stayed)}`;
      const when = one.early === 'handled' ? `${inMs(one.handledAfter ?? 0)} after CONNECT` : 'right behind CONNECT';
      return `A client with ${names(hasty)} had a message handled ${when}, and ${end}.`;
    }),
  );
  const listening = which(['receives'], invented).filter((id) => !forged.includes(id));
  // A forged token that listens while strangers are refused is read and not verified.
  const isUnverified = forged.length === 0 && listening.length > 0 && listening.every((id) => FORGERIES.includes(id));
  const listeningFinding = isUnverified ? 'signature-not-verified' : 'stranger-receives';
  causes.push(
    ...of(listeningFinding, isUnverified ? 'critical' : 'high', forged.length > 0 ? [] : listening, (one) => {
      const { names: events, count } = one.receivedLate.count > 0 ? one.receivedLate : one.received;
      return `A client with ${names(listening)} stayed for ${inMs(one.watched)} and received ${events.join(', ')} (${count} times).`;
    }),
  );
  const early = which(['receives, then cut'], invented);
  if (hasty.length === 0)
    causes.push(
      ...of('receives-before-verdict', 'medium', early, ({ received, stayed }) =>
        `A client with ${names(early)} received ${received.names.join(', ')} for ${inMs(received.last ?? 0)}, and was cut after ${inMs(stayed ?? 0)}.`,
      ),
    );
  const staying = which(['stays'], invented);
  if (listening.length === 0 && forged.length === 0)
    causes.push(
      ...of('stranger-stays', 'low', staying, (one) => `A client with ${names(staying)} was still connected after ${inMs(one.watched)}.`),
    );
  const cut = isFirstMessage(facts) ? [] : which(['cut'], [...invented, 'expired']);
  if (causes.length === 0)
    causes.push(
      ...of('accepted-then-cut', 'info', cut, (one) =>
        `A client with ${names(cut)} was accepted and cut after ${inMs(one.stayed ?? 0)}; nothing was handled or received.`,
      ),
    );
  return causes;
}

const isOpen = (causes: readonly Cause[]): boolean => causes.some(({ id }) => id === 'stranger-acts' || id === 'signature-not-verified');

/** Of credentials that were issued, and must not be accepted now. Where a stranger does the same, that is the cause. */
function ownerCauses({ observations }: Facts, admissions: readonly Cause[]): Cause[] {
  if (isOpen(admissions)) return [];
  const ids = { expired: 'expired-accepted', forbidden: 'forbidden-user' } as const;
  const strangers = new Set(observations.filter(({ id }) => STRANGERS.includes(id)).map(outcomeOf));
  return observations.flatMap((one): Cause[] => {
    if (one.id !== 'expired' && one.id !== 'forbidden') return [];
    const outcome = outcomeOf(one);
    if (isRefusedLater(one) || !['acts', 'receives', 'stays'].includes(outcome) || (outcome !== 'acts' && strangers.has(outcome))) return [];
    const severity = { acts: 'high', receives: 'medium' }[outcome as 'acts'] ?? 'low';
    const what = { acts: 'its messages were handled', receives: 'it received broadcasts' }[outcome as 'acts'] ?? 'it stayed';
    const seen = `A client with ${one.id === 'expired' ? 'an expired credential' : 'the credential of a refused user'} was admitted, and ${what}.`;
    const by = { variant: one.id };
    return [{ id: ids[one.id], severity: severity as Severity, seen, checks: questionsOf([one.id], ALL), lines: one.lines, by }];
  });
}

const endFindings = { expiry: 'outlives-expiry', 'sign-out': 'outlives-sign-out', ban: 'outlives-ban', roles: 'stale-roles' } as const;

function endCause(one: Ended, facts: Facts, admissions: readonly Cause[]): Cause[] {
  if (isOpen(admissions)) return [];
  const isAgain = one.id !== 'roles' && (one.again === 'handled' || (one.again === 'admitted' && !admitsAnybody(facts)));
  const isActing = one.late === 'handled';
  const isReceiving = one.received.count > 0 && one.id !== 'roles' && !letsListen(facts);
  if (!isAgain && !isActing && !isReceiving) return stillThere(one, facts);
  const got = [
    isActing && 'a message on the open connection was handled',
    isReceiving && `the open connection received ${one.received.names.join(', ')}`,
    isAgain && 'a new CONNECT with the same credential was accepted',
  ].filter((part) => part !== false);
  const isHigh = isActing || one.again === 'handled';
  const by: Reproduction = { variant: 'valid', after: one.id };
  const onlyAgain = !isActing && !isReceiving;
  return [
    {
      id: onlyAgain && one.id === 'expiry' ? 'expired-accepted' : endFindings[one.id],
      severity: isHigh ? 'high' : 'medium',
      seen: `After ${words[one.id]}: ${got.join('; ')}.`,
      checks: [isAgain && 'connect', isActing && 'handle', isReceiving && 'receive']
        .filter((part) => part !== false)
        .map((part) => `${one.id}/${part}`),
      lines: onlyAgain ? one.linesAgain : one.lines,
      by,
    },
  ];
}

const words = { expiry: 'the expiry', 'sign-out': 'the sign-out', ban: 'the ban', roles: 'the change of roles' } as const;

/** Refuses its messages, tells it nothing, and leaves it connected. */
function stillThere(one: Ended, facts: Facts): Cause[] {
  if (one.endedAfter !== undefined || one.id === 'roles' || one.late === 'unclear' || admitsAnybody(facts)) return [];
  const seen = `After ${words[one.id]} the connection stayed open; its messages were refused.`;
  return [
    { id: endFindings[one.id], severity: 'low', seen, checks: [], lines: one.lines, by: { variant: 'valid', after: one.id } },
  ];
}

/** Strangers may connect anyway, so a connection alone is no gain. */
const admitsAnybody = ({ observations }: Facts): boolean =>
  observations.some((one) => one.id === 'none' && ['stays', 'receives', 'acts'].includes(outcomeOf(one)));
const letsListen = ({ observations }: Facts): boolean =>
  observations.some((one) => STRANGERS.includes(one.id) && outcomeOf(one) === 'receives');

function sideCauses({ origin, root, control: { credential } }: Facts): Cause[] {
  const causes: Cause[] = [];
  if (origin?.isAdmitted && credential?.isAmbient === true) {
    const got = origin.isHandled ? 'and its message was handled' : origin.received.count > 0 ? 'and it received broadcasts' : '';
    const seen = `The cookie was accepted from the foreign Origin ${'https://foreign.example'}${got && `, ${got}`}.`;
    causes.push({ id: 'foreign-origin', severity: 'high', seen, checks: ['origin'], lines: origin.lines, by: { variant: 'valid', origin: true } });
  }
  if (credential?.isInUrl === true) {
    const seen = 'The server takes the credential from the query of the URL.';
    causes.push({ id: 'credential-in-url', severity: 'low', seen, checks: ['url'], lines: origin?.lines.slice(0, 3) ?? [], by: { variant: 'valid' } });
  }
  if (root?.isAdmitted) {
    const isHearing = root.received.count > 0;
    const seen = isHearing
      ? `A client without a credential joined / and received ${root.received.names.join(', ')}.`
      : 'A client without a credential joined / and stayed.';
    causes.push({ id: 'root-open', severity: isHearing ? 'high' : 'info', seen, checks: ['root'], lines: root.lines, by: { variant: 'none', root: true } });
  }
  return causes;
}
