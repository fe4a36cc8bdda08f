import { describe, expect, it } from 'vitest';
import type * as cli from '../cli/targets.ts';

// Typed by the source: the targets run compiled, each in a process of its own.
const path = new URL('../../dist/audits/cli/targets.js', import.meta.url).href;
const { ratesOf, scores, scoreTable } = (await import(path)) as typeof cli;

/** Most of the time goes into waiting for servers that do not end a connection. */
const slow = { timeout: 300_000 };

describe('servers that nobody here wrote for the audit', () => {
  it(
    'are told the truth about: every fault is found, no other is, and nothing is left open that could be told',
    slow,
    async () => {
      const all = await scores();
      process.stdout.write(`${scoreTable(all)}
`);
      expect(ratesOf(all)).toEqual({ precision: 1, recall: 1 });
      expect(all.flatMap(({ id, untold }) => untold.map((one) => `${id}: ${one}`))).toEqual([]);
      // Without --destructive, no server ends.
      expect(all.filter(({ isEnded }) => isEnded)).toEqual([]);
    },
  );

  it('keep nothing without a valid client that succeeded', slow, async () => {
    const kept = (await scores('misdescribed')).filter(({ report }) => report !== undefined);
    expect(kept).toEqual([]);
  });

  it('are ended only with --destructive, and the frame that did it is reported first', slow, async () => {
    const [score] = await scores('hook-throws', true);
    expect(score).toMatchObject({ missed: [], wrong: [], untold: [], isEnded: true });
    const [finding] = score!.report!.findings;
    expect(finding).toMatchObject({ id: 'server-ended', severity: 'critical' });
    expect(finding!.evidence.join('\n')).toMatch(/> 40\{"token":\S+\}/);
  });
});
