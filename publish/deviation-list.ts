import { type Strategy, variantNames } from '../strategies/strategy.ts';

/** The promises that each variant of a strategy does not keep, by the reason why, in Markdown. */
export function deviationList({ variants }: Strategy): string {
  const [first, second] = variantNames.map((name) => listOf(variants[name].deviations));
  if (first === second)
    return first === '' ? 'Both variants keep every promise.' : `Neither variant keeps these promises:\n\n${first}`;
  return variantNames
    .map((name, index) => {
      const list = [first, second][index];
      return list === '' ? `\`${name}\` keeps every promise.` : `\`${name}\` does not keep these promises:\n\n${list}`;
    })
    .join('\n\n');
}

function listOf(deviations: Readonly<Record<string, string>>): string {
  const byReason = new Map<string, string[]>();
  for (const [promise, reason] of Object.entries(deviations)) {
    byReason.set(reason, [...(byReason.get(reason) ?? []), `\`${promise}\``]);
  }
  return [...byReason].map(([reason, promises]) => `- **${reason}.** ${promises.join(', ')}`).join('\n');
}
