import type { Ended, Facts } from '../run/facts.ts';
import { ALL, type Cause, outcomeOf, questionsOf, type Reproduction, STRANGERS } from './cause.ts';
import { isRefusedLater } from './checks.ts';
import type { Severity } from './report.ts';

const isOpen = (causes: readonly Cause[]): boolean =>
  causes.some(({ id }) => id === 'stranger-acts' || id === 'signature-not-verified');

/** Causes that concern credentials which were issued, and must not be accepted now. If a stranger can do the same, that is the cause. */
export function ownerCauses({ observations }: Facts, admissions: readonly Cause[]): Cause[] {
  if (isOpen(admissions)) return [];
  const ids = { expired: 'expired-accepted', forbidden: 'forbidden-user' } as const;
  const strangers = new Set(observations.filter(({ id }) => STRANGERS.includes(id)).map(outcomeOf));
  return observations.flatMap((one): Cause[] => {
    if (one.id !== 'expired' && one.id !== 'forbidden') return [];
    const outcome = outcomeOf(one);
    if (
      isRefusedLater(one) ||
      !['acts', 'receives', 'stays'].includes(outcome) ||
      (outcome !== 'acts' && strangers.has(outcome))
    )
      return [];
    const severity = { acts: 'high', receives: 'medium' }[outcome as 'acts'] ?? 'low';
    const what =
      { acts: 'its messages were handled', receives: 'it received broadcasts' }[outcome as 'acts'] ?? 'it stayed';
    const seen = `A client with ${one.id === 'expired' ? 'an expired credential' : 'the credential of a refused user'} was admitted, and ${what}.`;
    const by = { variant: one.id };
    return [
      {
        id: ids[one.id],
        severity: severity as Severity,
        seen,
        checks: questionsOf([one.id], ALL),
        lines: one.lines,
        by,
      },
    ];
  });
}

const endFindings = {
  expiry: 'outlives-expiry',
  'sign-out': 'outlives-sign-out',
  ban: 'outlives-ban',
  roles: 'stale-roles',
} as const;

/** The cause if a credential ended while a connection held it. */
export function endCause(one: Ended, facts: Facts, admissions: readonly Cause[]): Cause[] {
  if (isOpen(admissions)) return [];
  const isAgain =
    one.id !== 'roles' && (one.again === 'handled' || (one.again === 'admitted' && !admitsAnybody(facts)));
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

const words = {
  expiry: 'the expiry',
  'sign-out': 'the sign-out',
  ban: 'the ban',
  roles: 'the change of roles',
} as const;

/** Refuses its messages, tells it nothing, and leaves it connected. */
function stillThere(one: Ended, facts: Facts): Cause[] {
  if (one.endedAfter !== undefined || one.id === 'roles' || one.late === 'unclear' || admitsAnybody(facts)) return [];
  const seen = `After ${words[one.id]} the connection stayed open; its messages were refused.`;
  return [
    {
      id: endFindings[one.id],
      severity: 'low',
      seen,
      checks: [],
      lines: one.lines,
      by: { variant: 'valid', after: one.id },
    },
  ];
}

/** Strangers may connect anyway, so a connection alone is no gain. */
const admitsAnybody = ({ observations }: Facts): boolean =>
  observations.some((one) => one.id === 'none' && ['stays', 'receives', 'acts'].includes(outcomeOf(one)));
const letsListen = ({ observations }: Facts): boolean =>
  observations.some((one) => STRANGERS.includes(one.id) && outcomeOf(one) === 'receives');
