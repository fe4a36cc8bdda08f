import { describe, expect, it, vi } from 'vitest';
import { reportRun } from '../../test/support/report-run.ts';
import type { MetricName } from '../model/metrics.ts';
import type { Cell, Run } from '../model/run-file.ts';
import type * as consequenceText from '../report/consequence-text.ts';
import { metrics } from '../suites/registry.ts';
import { choicesOf, endsListenersAlone } from './choices.ts';
import { consequenceTable } from './consequence-table.ts';
import { whatToPick } from './pick.ts';

// The texts of consequences, replaced by others.
const words = vi.hoisted(() => ({ other: false }));
vi.mock('../report/consequence-text.ts', async (original) => {
  const real = await original<typeof consequenceText>();
  const text = (name: 'atExpiryText' | 'afterEndText') => (value: never) =>
    words.other ? 'other words' : real[name](value);
  return { ...real, atExpiryText: text('atExpiryText'), afterEndText: text('afterEndText') };
});

const params = { lifetime: 4000, lifetimes: 2, clients: 5 };

/** The ends that the run of the tests says nothing of. */
const unmeasured = { 'delivered-after-expiry': 0, 'delivered-after-revocation': 0, 'accepted-after-downgrade': 0 };

/** With what an expiry did to the clients of these, whose credentials are of no use after their end. */
function ended(seen: Record<string, Partial<Record<MetricName, number>>>): Run {
  const run = reportRun();
  const rows = run.cells.filter(({ metric, role }) => metric === 'accepted-after-expiry' && role === 'strategy');
  const added = Object.entries(seen).flatMap(([id, figures]): Cell[] => {
    const [cell] = rows.filter(({ strategy, variant }) => strategy === id && variant === 'hardened');
    return Object.entries({ ...unmeasured, 'ended-connections': 0, ...figures }).map(([metric, median]) => ({
      ...cell!, metric, ...metrics.get(metric)!, median, blocks: [median], params,
    })); // prettier-ignore
  });
  return { ...run, cells: [...run.cells, ...added] };
}

const run = ended({
  'access-refresh': { renewals: 20 },
  'handshake-only': { renewals: 20, reconnects: 20, 'lost-messages': 25 },
  'long-lived-token': { renewals: 20, reconnects: 20, 'lost-messages': 44 },
  session: { 'ended-connections': 5, 'lost-messages': 520 },
});
const outcomesOf = (of: Run) => choicesOf(of).map(({ row, outcome }) => `${row.strategy} ${row.kind}: ${outcome}`);

describe('what to pick', () => {
  it('is ordered by what happens at the end of a credential, and by what is lost', () => {
    expect(outcomesOf(run).slice(0, 5)).toEqual([
      'access-refresh hardened: uninterrupted',
      'handshake-only hardened: interrupted',
      'long-lived-token hardened: interrupted',
      'session hardened: ended',
      'access-refresh as-published: goes on',
    ]);
  });

  it('names the best, the second best and what breaks, from the facts', () => {
    const lines = whatToPick(run).split('\n');
    expect(lines[0]).toMatch(
      /^- \*\*If clients can answer a renewal on the open connection, pick `access-refresh` \(hardened\)/,
    );
    expect(lines[1]).toMatch(/^- \*\*If a reconnect .*pick `handshake-only` or `long-lived-token` \(hardened\)/);
    expect(lines[2]).toMatch(/^- \*\*With `session` \(hardened\) some clients are signed out for good/);
    expect(lines[3]).toMatch(/^- \*\*Do not pick .*`session` \(as-published\)/);
    expect(lines.length).toBeLessThanOrEqual(5);
  });

  it('follows the facts: another run, another answer', () => {
    const other = ended({ session: { renewals: 20 }, 'access-refresh': { 'ended-connections': 3 } });
    expect(whatToPick(other)).toMatch(/^- \*\*If clients can answer .*pick `session` \(hardened\)/);
    expect(whatToPick(other)).toContain('With `access-refresh` (hardened) some clients are signed out for good');
  });

  it('does not change with a text', () => {
    const before = outcomesOf(run);
    const picked = whatToPick(run).match(/pick `[a-z-]+`/g);
    words.other = true;
    expect(outcomesOf(run)).toEqual(before);
    expect(whatToPick(run)).toContain('other words');
    expect(whatToPick(run).match(/pick `[a-z-]+`/g)).toEqual(picked);
    words.other = false;
  });

  it('is nothing if the best strategy at expiry was not measured at another end, and the text says so', () => {
    const [best] = choicesOf(run);
    const cells = run.cells.map((cell) =>
      cell.strategy === best!.row.strategy && cell.metric === 'accepted-after-revocation'
        ? { ...cell, void: 'too late' }
        : cell,
    );
    const text = whatToPick({ ...run, cells });
    expect(text).toMatch(/^- \*\*`access-refresh` \(hardened\): not judged\.\*\*/);
    expect(text).not.toContain(', pick ');
  });

  it('is withheld from a profile that claims nothing, and from a run without ends', () => {
    expect(whatToPick({ ...run, profile: 'smoke' })).toMatch(/^\*\*Verdicts are withheld:/);
    const cells = run.cells.filter(({ suite }) => suite !== 'expiry');
    expect(whatToPick({ ...run, cells })).toMatch(/^\*\*Verdicts are withheld:/);
  });

  it('prefers whoever renews ahead of the end to whoever renews after it', () => {
    const both = ended({ 'access-refresh': { renewals: 20 }, session: { renewals: 20 } });
    const idle = { open: [], entitled: [], served: [], failed: [], count: { served: 0, failed: 0 }, reconnects: [] };
    const timeline = (strategy: string, ...at: number[]): Run['timelines'][number] => ({
      role: 'strategy', strategy, variant: 'hardened', end: 'expiry', client: 'honest', ends: [4000, 8000], until: 9000,
      acts: { ...idle, renewals: at }, receives: { ...idle, renewals: at },
    }); // prettier-ignore
    // A pause of the machine makes one renewal late.
    const timelines = [timeline('access-refresh', 4100, 8050), timeline('session', 3000, 7000, 8010)];
    const text = whatToPick({ ...both, timelines });
    expect(text).toMatch(/pick `session` \(hardened\)/);
    expect(text).toContain('`access-refresh` (hardened) loses nothing either, but renews only after the expiry.');
  });

  it('takes the word of an audit where it has measured an end, and a goes-on for a reason not to pick', () => {
    const goingOn = { ms: 2000, censored: true, goesOn: true };
    const audited = () => ({ acts: goingOn, receives: goingOn });
    expect(choicesOf(run, audited).every(({ outcome }) => outcome === 'goes on')).toBe(true);
  });
});

it('only listeners were ended where those that send were never silent for a lifetime', () => {
  const gaps = (talks: number, listens: number) => ({
    cell: (metric: MetricName, { side }: Cell['params'] = {}): Cell => ({
      ...run.cells[0]!, metric, params, median: side === 'talks' ? talks : side === 'listens' ? listens : 5,
    }), // prettier-ignore
  });
  expect(endsListenersAlone(gaps(700, 5600))).toBe(true);
  expect(endsListenersAlone(gaps(5600, 5600))).toBe(false);
});

describe("README's table", () => {
  const table = consequenceTable(run, { peers: ['nest-jwt-guard'] });
  const lineOf = (text: string) => table.split('\n').find((line) => line.startsWith(text)) ?? '';

  it('has the hardened variants first, and of the peers those that are asked for', () => {
    const ids = [...table.matchAll(/^\| `([a-z-]+)` \((.+?)\)/gm)].map(([, id, kind]) => `${id} ${kind}`);
    expect(ids[0]).toBe('access-refresh hardened');
    expect(ids.at(-1)).toBe('nest-jwt-guard peer');
    expect(ids).toHaveLength(9);
  });

  it('says what happens, and what goes on', () => {
    expect(lineOf('| `handshake-only` (hardened)')).toContain('| reconnects, 25 notifications lost |');
    expect(lineOf('| `session` (as-published)')).toContain('| goes on: acts, receives |');
  });

  it('has what a client has to do where the run says so, and else no such column', () => {
    expect(table).not.toContain('The client has to');
    const entries = {
      ...run.entries,
      session: { ...run.entries['session']!, clientDoes: { hardened: 'signs in again' } },
    };
    expect(consequenceTable({ ...run, entries })).toMatch(/\| The client has to \|[\s\S]*\| signs in again \|/);
  });
});
