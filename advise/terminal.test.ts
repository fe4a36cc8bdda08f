import { describe, expect, it } from 'vitest';
import { adviceRecords, askAdvice as ask, type Made, session } from '../test/support/advice-run.ts';
import type { Demand } from './demand.ts';
import { adviceTable } from './table.ts';
import { adviceText } from './terminal.ts';
import { whatIfs } from './what-if.ts';

describe('the text', () => {
  const made: Made[] = [
    session,
    { id: 'lease', storm: [580, 0, 0], nodes: { 2: [6, 13] } },
    { id: 'a-strategy-with-a-long-name', storm: [20_291, 900, 0], nodes: { 2: [6, 13] } },
    { id: 'again', atExpiry: 'reconnects', nodes: { 2: [6, 13] } },
    { id: 'open', banned: null },
  ];
  const textOf = (changed: Partial<Demand> = {}, of: readonly Made[] = made) => {
    const advice = ask(of, changed);
    return adviceText(advice, whatIfs(advice, (asked) => ask(of, asked)), ['results/full/run.json']); // prettier-ignore
  };

  it('answers first, fits 80 columns, and has every number', () => {
    const text = textOf({ nodes: 2 });
    expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
    const flat = text.replaceAll(/\s+/g, ' ');
    expect(flat).toMatch(/^You serve 1,000 messages per second and 9,000 connections on 2 nodes with a shared store\./);
    for (const part of [
      'Pick lease (hardened). At expiry its connections are renewed in place, and nothing is lost.',
      'it renews up to 20,291 times per second, and the last client is back 900 ms after the end. lease',
      'lease renews up to 580 times per second, and every client renews in time.',
      '- session: clients that only listen are disconnected for good',
      '- open: goes on after sign-out or ban',
      'reconnects 96 times a day, 25 notifications lost',
      '- Without a shared store: nothing would meet the demand.',
    ])
      expect(flat).toContain(part);
    expect(flat).toMatch(/lease same \(under \+6\.0%\) 0\.060 281 MiB 10 580 1,130/);
    expect(flat).toMatch(/Figures from results\/full\/run\.json\.$/);
  });

  it('says how many clients a storm signs out by mistake', () => {
    expect(
      textOf({}, [
        { id: 'a', storm: [580, 0, 0] },
        { id: 'b', storm: [900, 0, 7] },
      ]),
    ).toMatch(/it\s+signs\s+out\s+7\s+clients\s+by\s+mistake\./);
  });

  it('says that equal options share a number', () => {
    const text = textOf({}, [{ id: 'a' }, { id: 'b' }]);
    expect(text).toContain('Pick a (hardened) or b (hardened).');
    expect(text.match(/^1\. /gm)).toHaveLength(2);
    expect(text).toContain('no measured difference between these');
  });

  it('says that nothing meets the demand, and what would', () => {
    const text = textOf({ revocationWithin: 1 });
    expect(text).toContain('Nothing meets that.');
    expect(text).not.toContain('What it takes to run');
  });

  it('in a table gives situations with the same answer one row', () => {
    const { run, audit, candidates, nodes } = adviceRecords(made);
    const rows = adviceTable(run, audit, candidates, nodes).split('\n').slice(2);
    expect(rows.length).toBeLessThan(5);
    expect(rows[0]).toMatch(/^\| 1,000 connections.*; or: a ban within 50 ms.*\| `lease` \| At expiry/);
    expect(rows[0]).toContain('| `session`: clients that only listen are disconnected for good; `open`: goes on after');
    expect(rows.find((row) => row.includes('without a shared store'))).toContain('| none | No other node hears');
  });
});
