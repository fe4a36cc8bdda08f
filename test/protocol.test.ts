import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { defaultLimits } from '../gateways/options/limits.ts';
import { resolveOptions } from '../gateways/options/options.ts';
import { connectFrame } from '../harness/app/raw-transport.ts';
import { refusalOf, Scenario } from '../harness/app/scenario.ts';
import { loadStrategy } from '../strategies/registry.ts';
import { MemoryDirectory } from '../strategies/shared/accounts/directory.ts';
import { failures } from '../strategies/shared/client/failures.ts';
import { defaultLifetimes } from '../strategies/shared/lifetimes.ts';
import { refusals, type StrategyClient } from '../strategies/strategy.ts';

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

const sources = readdirSync(new URL('gateways/', root), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(new URL(`gateways/${name}`, root), 'utf8'))
  .join('\n');

const namesIn = (pattern: RegExp) => [...sources.matchAll(pattern)].map((match) => match[1]);

it('the table of codes in PROTOCOL.md is the table in the code, row by row', () => {
  const rows = tableUnder('Codes').map(([code, action, ends, message]) => ({ code, action, ends, message }));
  const table = Object.entries(refusals).map(([code, { action, ends, message }]) => {
    return { code, action, ends: ends.join(', ') || '-', message };
  });
  expect(rows).toEqual(table);
});

it('the table of the codes of the client half is the table in the code', () => {
  const rows = tableUnder('Codes of the client half').map(([code, action, message]) => [code, action, message]);
  expect(rows).toEqual(Object.entries(failures).map(([code, { action, message }]) => [code, action, message]));
});

/** `5 min` in ms, and a number that has no unit as it is. */
function valueOf(text: string): number {
  const units = { s: 1000, min: 60_000, days: 86_400_000 } as const;
  const [amount, unit] = text.split(' ');
  return Number(amount) * (unit === undefined ? 1 : units[unit as keyof typeof units]);
}

it('the limits and lifetimes in PROTOCOL.md are the defaults', async () => {
  const rows = tableUnder('Limits and lifetimes').map(([option = '', value = '']) => [option, valueOf(value)]);
  const { decisionTimeout } = resolveOptions(
    { secret: '', directory: new MemoryDirectory() },
    await loadStrategy('handshake-only'),
    false,
  );
  const limits = Object.entries(defaultLimits).map(([name, value]) => [`limits.${name}`, value]);
  const lifetimes = Object.entries(defaultLifetimes).map(([name, value]) => [`lifetimes.${name}`, value]);
  const all = [...limits, ...lifetimes, ['decisionTimeout', decisionTimeout]];
  const serverSide = ['lifetimes.sessionStaleness', 'lifetimes.directoryLag'];
  expect(new Map(rows as never)).toEqual(new Map(all.filter(([name]) => !serverSide.includes(String(name))) as never));
});

describe('what PROTOCOL.md says of unusual packets', () => {
  const rows = tableUnder('Unusual packets') as [packet: string, answer: string, connection: string][];

  it.each(rows)('%s', async (packet, answer, connection) => {
    const scenario = await Scenario.start(await loadStrategy('access-refresh'), 'hardened');
    onTestFinished(() => scenario.dispose());
    const { auth } = (await scenario.signedIn(await scenario.user())).connectOptions();
    const transport = await scenario.raw();
    transport.send(connectFrame('/chat', auth));
    expect(await transport.frame(/^40\/chat/)).toBeDefined();
    // An event that is always answered, to see what came before it, and whether anything comes.
    transport.send(packet, '42/chat,9["whoIsHere",{}]');
    const last = /^43\/chat,9/;
    const becomes = connection === 'stays' ? transport.frame(last) : transport.closes();
    expect(await becomes).toBeTruthy();
    const heard = transport.frames.filter((frame) => !/^(0|40)/.test(frame) && !last.test(frame));
    const where = { ack: /^43\/chat,7/, exception: /^42\/chat,\["exception"/, 'auth:cut': /^42\/chat,\["auth:cut"/ };
    const code = /[a-z]+-[a-z]+|unauthenticated/.exec(answer.split(', ').at(-1) ?? '')?.[0];
    for (const [name, frame] of Object.entries(where)) {
      const told = heard.filter((each) => frame.test(each));
      expect(told.map((each) => /"code":"([^"]+)"/.exec(each)?.[1])).toEqual(answer.includes(name) ? [code] : []);
    }
  });
});

describe('what PROTOCOL.md says of a session that has ended', () => {
  const endsOfSessions = tableUnder('When a session ends');
  const ends: Record<string, (scenario: Scenario, client: StrategyClient, subject: string) => unknown> = {
    'Its idle or absolute time': ({ clock }) => clock.advance(defaultLifetimes.sessionIdle + 1000),
    'Sign-out of this session': (_, client) => client.signOut(),
    // By another session of the same user.
    'Sign-out everywhere, or a new password': ({ app }, _, subject) => app.directory.setPassword(subject, 'new'),
    'A ban': ({ app }, _, subject) => app.directory.setBanned(subject, true),
  };

  it.each(endsOfSessions.filter(([how = '']) => how in ends))('%s', async (how = '', open, atConnect = '') => {
    const scenario = await Scenario.start(await loadStrategy('session'), 'hardened');
    onTestFinished(() => scenario.dispose());
    const user = await scenario.user();
    const client = await scenario.signedIn(user);
    const presented = client.connectOptions();
    const socket = await scenario.connectWith(presented);
    await ends[how]!(scenario, client, user.subject);
    expect(await socket.ended).toBe(open);
    expect(atConnect.split(', later ')).toContain(await refusalOf(scenario.connectWith(presented)));
  });

  it('is said of each way to end one', () => {
    expect(endsOfSessions.flatMap(([how = '']) => (how in ends ? [how] : []))).toEqual(Object.keys(ends));
  });
});

it('every code says when it is given', () => {
  const silent = tableUnder('Codes').filter(([, , , when]) => !/\w{3}/.test(when ?? ''));
  expect(silent).toEqual([]);
});

it.each([
  ['client to server', /@SubscribeMessage\('([^']+)'\)|onCredential\([\w.]+, '([^']+)'/g],
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
