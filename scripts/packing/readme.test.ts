import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isPackageReadme, packageReadme } from './readme.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

describe('the README of the package', () => {
  it('holds the sections that a user of the package needs, and is not taken for that of the repository', () => {
    const text = packageReadme(readme);
    expect(text).toContain('\n## Use it in your app\n');
    expect(text).toContain('\n### What the package exports\n');
    expect(text).not.toContain('npm run bench');
    expect([isPackageReadme(text), isPackageReadme(readme)]).toEqual([true, false]);
  });

  it('links to nothing that the package does not hold', () => {
    const text = packageReadme(readme);
    const targets = [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, target = '']) => target);
    const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, words = '']) =>
      words.toLowerCase().replaceAll(' ', '-'),
    );
    expect(targets.filter((target) => !headings.includes(target.slice(1)))).toEqual([]);
  });

  it('fails if README.md has lost a section', () => {
    expect(() => packageReadme(readme.replace('## Several nodes\n', '## Nodes\n'))).toThrow(
      /no section "Several nodes"/,
    );
  });
});
