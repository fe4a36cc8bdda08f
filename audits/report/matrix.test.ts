import { describe, expect, it } from 'vitest';
import { auditReport } from '../../test/support/audit-report.ts';
import { brokenOf } from '../engine/matrix-run.ts';
import { safetyMarkup } from './matrix-html.ts';
import { renderAudit } from './matrix.ts';

describe('an audit, rendered', () => {
  const text = renderAudit(auditReport());

  it('says of each promise what came of it, and counts what is kept over what applies', () => {
    expect(text).toContain('| `ban` MUST keep ban (ASVS 7.2.1) | deviates | **broken** |');
    expect(text).toContain('| **kept, of those that apply** | 1 of 2 | 1 of 2 |');
  });

  it('takes a promise that was not asked for unknown, and never for kept', () => {
    expect(text).toContain('| `fixation` MUST keep fixation (ASVS 7.2.1) | – | **unknown** |');
  });

  it('gives the reason of a deviation, and what a broken promise ran into', () => {
    expect(text).toContain('- `ban`: Nothing remembers it');
    expect(text).toContain('- `ban`: fail: expected 1');
  });

  it('prints quantiles where it ended, and a bound where it did not', () => {
    expect(text).toContain('| dear hardened | ban | 1 / 3 / 5 / 8 (n 100) |');
    expect(text).toContain('| dear as-published | ban | > 2000 (5 of 5) |');
  });

  it('shows the frames behind the cell, and takes whatever they hold as text', () => {
    const { inside, ...rest } = auditReport();
    const [first, ...others] = inside.columns;
    const finding = { id: 'ban', outcome: 'fail' as const, reason: '<img src=x>', evidence: ['</pre><script>'] };
    const changed = { ...rest, inside: { ...inside, columns: [{ ...first!, findings: [finding] }, ...others] } };
    const page = safetyMarkup(changed).text;
    expect(page).toContain('<pre>1 &lt; 44/chat,{}</pre>');
    expect(page).not.toMatch(/<img|<script/);
  });
});

describe('what an audit stops at', () => {
  it('is a MUST that nobody declares, and an unknown; a deviation is neither', () => {
    expect(brokenOf(auditReport())).toEqual(['dear hardened: ban: fail: expected 1']);
  });

  it('is a hardened variant over its budget, and a fault that was not caught', () => {
    const { staleness, inside } = auditReport();
    const slow = staleness.map((cell) => ({ ...cell, handled: { ...cell.handled!, p99: 51, censored: 0 } }));
    const mutants = { mutants: 2, promises: 2, escaped: ['a guard is never bound (ban)'] };
    expect(brokenOf(auditReport({ inside: { ...inside, columns: [] }, staleness: slow, mutants }))).toEqual([
      'dear hardened: 51 ms from ban to the last handled act, p99, of 50 ms',
      'not caught: a guard is never bound (ban)',
    ]);
  });

  it('is a revocation that ends a connection of another node too late, or not at all', () => {
    const { inside } = auditReport();
    const closed = { n: 200, p50: 2, p95: 3, p99: 200, max: 300, censored: 0 };
    const acrossNodes = [
      { strategy: 'quick', closed },
      { strategy: 'slow', closed: { ...closed, p99: 201 } },
      { strategy: 'endless', closed: { ...closed, censored: 1 } },
    ];
    const report = auditReport({ inside: { ...inside, columns: [] }, staleness: [], acrossNodes });
    expect(brokenOf(report).map((line) => line.split(':')[0])).toEqual(['slow', 'endless']);
    expect(renderAudit(report)).toContain('- quick: 2.0 ms (p50) and 200.0 ms (p99) from revoke on one node');
  });
});
