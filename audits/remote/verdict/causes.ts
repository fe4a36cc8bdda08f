import type { Facts } from '../run/facts.ts';
import { admissionCauses } from './admission.ts';
import type { Cause } from './cause.ts';
import { endCause, ownerCauses } from './issued.ts';

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
  return [
    {
      id: 'server-ended',
      severity: 'critical',
      seen,
      checks: ['alive'],
      lines: death.lines,
      by: { variant: 'none', replay: true },
    },
  ];
}

function sideCauses({ origin, root, control: { credential } }: Facts): Cause[] {
  const causes: Cause[] = [];
  if (origin?.isAdmitted && credential?.isAmbient === true) {
    const got = origin.isHandled
      ? 'and its message was handled'
      : origin.received.count > 0
        ? 'and it received broadcasts'
        : '';
    const seen = `The cookie was accepted from the foreign Origin https://foreign.example${got && `, ${got}`}.`;
    causes.push({
      id: 'foreign-origin',
      severity: 'high',
      seen,
      checks: ['origin'],
      lines: origin.lines,
      by: { variant: 'valid', origin: true },
    });
  }
  if (credential?.isInUrl === true) {
    const seen = 'The server takes the credential from the query of the URL.';
    causes.push({
      id: 'credential-in-url',
      severity: 'low',
      seen,
      checks: ['url'],
      lines: origin?.lines.slice(0, 3) ?? [],
      by: { variant: 'valid' },
    });
  }
  if (root?.isAdmitted) {
    const isHearing = root.received.count > 0;
    const seen = isHearing
      ? `A client without a credential joined / and received ${root.received.names.join(', ')}.`
      : 'A client without a credential joined / and stayed.';
    causes.push({
      id: 'root-open',
      severity: isHearing ? 'high' : 'info',
      seen,
      checks: ['root'],
      lines: root.lines,
      by: { variant: 'none', root: true },
    });
  }
  return causes;
}
