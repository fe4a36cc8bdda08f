import type { Claim, Outcome, Verdict } from './claim.ts';
import type { Evidence, Seen } from './evidence.ts';

interface OnPlatform extends Omit<Claim, 'needs' | 'judge' | 'contrast'> {
  readonly demonstration: string;
  /** What one line of Nest makes of it. */
  read(seen: Seen): { readonly outcome: Outcome; readonly condition?: string };
}

const textOf = (seen: Seen): string =>
  Object.entries(seen)
    .map(([name, value]) => `${name}: ${String(value)}`)
    .join(', ');

/** A claim about the platform: asked on every line of Nest, and told by line where these differ. */
export function onPlatform({ demonstration, read, ...claim }: OnPlatform): Claim {
  return {
    ...claim,
    contrast: 'Nest 12 beside Nest 11',
    needs: { demonstrations: [demonstration] },
    judge: (evidence) => judged(demonstration, read, evidence),
  };
}

function judged(demonstration: string, read: OnPlatform['read'], evidence: Evidence): Verdict {
  const lines = evidence.platforms(demonstration).map(({ nest, seen }) => ({ nest, seen, ...read(seen) }));
  const cites = lines.map(({ nest }) => `demonstration ${demonstration} on Nest ${nest}`);
  const [first] = lines;
  if (first === undefined) return { outcome: 'inconclusive', figure: 'not run', cites };
  const alike = lines.every(({ outcome }) => outcome === first.outcome);
  const figure = lines.map(({ nest, seen, outcome }) => `Nest ${nest}: ${alike ? '' : `${outcome}; `}${textOf(seen)}`);
  const conditions = [
    ...(alike ? [] : ['It depends on the line of Nest']),
    ...new Set(lines.flatMap(({ condition }) => condition ?? [])),
  ];
  return {
    outcome: alike ? first.outcome : 'qualified',
    figure: figure.join('. '),
    ...(conditions.length > 0 && { condition: conditions.join('; ') }),
    cites,
  };
}
