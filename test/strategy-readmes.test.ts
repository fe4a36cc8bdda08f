import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadStrategies } from '../strategies/registry.ts';

const strategies = await loadStrategies();

describe.each(strategies)("$id's README", ({ id, variants }) => {
  const text = readFileSync(new URL(`../strategies/${id}/README.md`, import.meta.url), 'utf8');

  it('names the deviations that the strategy declares, and no other', () => {
    const section = text.split('\n## Deviations\n')[1]?.split('\n## ')[0] ?? '';
    const named = [...section.matchAll(/`([a-z-]+)`/g)].map(([, name]) => name);
    const declared = Object.values(variants).flatMap(({ deviations }) => Object.keys(deviations));
    const variantNames = Object.keys(variants);
    expect(new Set(named.filter((name) => !variantNames.includes(name!)))).toEqual(new Set(declared));
  });

  it('shows its flow as a sequence diagram', () => {
    expect(text).toContain('```mermaid\nsequenceDiagram\n');
  });
});
