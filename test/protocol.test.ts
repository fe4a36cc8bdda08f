import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { refusals } from '../strategies/strategy.ts';

const root = new URL('../', import.meta.url);
const protocol = readFileSync(new URL('PROTOCOL.md', root), 'utf8');

/** The cells of the table under a heading, without its two head rows. */
function tableUnder(heading: string): string[][] {
  const section = protocol.split(new RegExp(`^#+ ${heading}\n`, 'm'))[1]?.split(/^#/m)[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}

const sources = readdirSync(new URL('gateways/', root))
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(new URL(`gateways/${name}`, root), 'utf8'))
  .join('\n');

const namesIn = (pattern: RegExp) => [...sources.matchAll(pattern)].map((match) => match[1]);

it('the table of codes in PROTOCOL.md is the table in the code, row by row', () => {
  const rows = tableUnder('Codes').map(([code, action, message]) => ({ code, action, message }));
  expect(rows).toEqual(Object.entries(refusals).map(([code, rest]) => ({ code, ...rest })));
});

it('every code says when it is given', () => {
  const silent = tableUnder('Codes').filter(([, , , when]) => !/\w{3}/.test(when ?? ''));
  expect(silent).toEqual([]);
});

it.each([
  ['client to server', /@SubscribeMessage\('([^']+)'\)|socket\.on\('(?=auth:)([^']+)'/g],
  ['server to client', /\.emit\('([^']+)'/g],
])('the events in PROTOCOL.md are those in the code: %s', (direction, pattern) => {
  const documented = tableUnder('Events')
    .filter((row) => row[2] === direction)
    .map(([event]) => event);
  const inCode = [...sources.matchAll(pattern)].map((match) => match[1] ?? match[2]);
  expect(inCode.length).toBeGreaterThan(0);
  expect(new Set(documented)).toEqual(new Set(inCode));
});

it('every auth event that the code names stands in PROTOCOL.md, and the reverse', () => {
  const documented = [...protocol.matchAll(/auth:[a-z]+/g)].map(([name]) => name);
  expect(new Set(documented)).toEqual(new Set(namesIn(/'(auth:[a-z]+)'/g)));
});

it('every code in a worked flow is one of the table', () => {
  const codes = [...protocol.matchAll(/"code":"([^"]+)"/g)].map((match) => match[1]);
  expect(codes.length).toBeGreaterThan(0);
  expect(Object.keys(refusals)).toEqual(expect.arrayContaining(codes));
});
