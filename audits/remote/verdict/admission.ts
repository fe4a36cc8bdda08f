import type { Facts, Observation } from '../run/facts.ts';
import { type VariantId, variants } from '../run/variants.ts';
import { ALL, type Cause, FORGERIES, inMs, type Outcome, outcomeOf, questionsOf, STRANGERS } from './cause.ts';
import { isFirstMessage } from './checks.ts';
import type { FindingId } from './findings.ts';
import type { Severity } from './report.ts';

/** Causes that concern credentials which nobody has issued. */
export function admissionCauses(facts: Facts): Cause[] {
  const outcomes = new Map(facts.observations.map((one) => [one.id, { one, outcome: outcomeOf(one) }]));
  const which = (wanted: readonly Outcome[], among: readonly VariantId[]) =>
    among.filter((id) => wanted.includes(outcomes.get(id)?.outcome ?? 'refused'));
  const invented = [...STRANGERS, ...FORGERIES];
  const of = (
    id: FindingId,
    severity: Severity,
    ids: readonly VariantId[],
    seen: (one: Observation) => string,
  ): Cause[] => {
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
    return of(
      'stranger-acts',
      'critical',
      [...new Set([...acting, ...everybody])],
      (one) =>
        `A client with ${names(acting)} was still connected after ${inMs(one.watched)}, and its messages were handled.`,
    );
  const causes: Cause[] = [];
  const forged = which(['acts'], FORGERIES);
  causes.push(
    ...of(
      'signature-not-verified',
      'critical',
      forged,
      () => `The server handled the messages of a client with ${names(forged)}.`,
    ),
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
      ...of(
        'receives-before-verdict',
        'medium',
        early,
        ({ received, stayed }) =>
          `A client with ${names(early)} received ${received.names.join(', ')} for ${inMs(received.last ?? 0)}, and was cut after ${inMs(stayed ?? 0)}.`,
      ),
    );
  const staying = which(['stays'], invented);
  if (listening.length === 0 && forged.length === 0)
    causes.push(
      ...of(
        'stranger-stays',
        'low',
        staying,
        (one) => `A client with ${names(staying)} was still connected after ${inMs(one.watched)}.`,
      ),
    );
  const cut = isFirstMessage(facts) ? [] : which(['cut'], [...invented, 'expired']);
  if (causes.length === 0)
    causes.push(
      ...of(
        'accepted-then-cut',
        'info',
        cut,
        (one) =>
          `A client with ${names(cut)} was accepted and cut after ${inMs(one.stayed ?? 0)}; nothing was handled or received.`,
      ),
    );
  return causes;
}
