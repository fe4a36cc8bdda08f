import { describe, expect, it } from 'vitest';
import { noLimits } from '../../../gateways/options/limits.ts';
import { NetworkBudgets } from '../../../gateways/limits/network-budgets.ts';
import { TestServer } from '../../support/test-server.ts';
import { admitting } from '../../support/test-strategy.ts';

const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);
const served = () => expect.objectContaining({ you: expect.any(String) }) as unknown;

// Tests of a cut read the counters: a client that floods may lose the last frame as its transport is terminated.
describe('events per socket', () => {
  it('over two seconds of them are refused in the ack, pass again later, and cut a client that goes on', async () => {
    const server = await TestServer.start(admitting(), { limits: { ...noLimits, eventsPerSecond: 10 } });
    const client = server.connect('/chat');
    const answers = await Promise.all(times(21, () => client.ask('whoIsHere')));
    expect(answers.slice(0, 20)).toEqual(times(20, served));
    expect(answers[20]).toMatchObject({ refused: { code: 'too-many-events', action: 'retry' } });
    server.clock.advance(500);
    expect(await client.ask('whoIsHere')).toEqual(served());
    times(25, () => client.socket.emit('whoIsHere', {}));
    await client.cut;
    expect(server.counters()).toMatchObject({ open: 0, cut: { 'too-many-events': 1 } });
  });

  it.each([
    ['stays open at a tenth over the limit, however long it goes on', 11, false],
    ['is cut at a fifth over the limit, however steady it is', 12, true],
  ])('a client that %s', async (_, perSecond, ends) => {
    const server = await TestServer.start(admitting(), { limits: { ...noLimits, eventsPerSecond: 10 } });
    const client = server.connect('/chat');
    await client.answered;
    // Both bursts are spent first: what counts is what comes after.
    await Promise.all(times(30, () => client.ask('whoIsHere')));
    for (let second = 0; second < 130 && client.socket.connected; second++) {
      server.clock.advance(1000);
      await Promise.race([Promise.all(times(perSecond, () => client.ask('whoIsHere').catch(() => {}))), client.cut]);
    }
    expect(server.counters()).toMatchObject({ open: ends ? 0 : 1, cut: ends ? { 'too-many-events': 1 } : {} });
  });

  it('without an ack are told of by one exception, also after others were refused in their acks', async () => {
    const server = await TestServer.start(admitting(), { limits: { ...noLimits, eventsPerSecond: 10 } });
    const client = server.connect('/chat');
    const told: unknown[] = [];
    client.socket.on('exception', (notice) => told.push(notice));
    await Promise.all(times(21, () => client.ask('whoIsHere')));
    expect(told).toEqual([]);
    times(3, () => client.socket.emit('whoIsHere', {}));
    await client.ask('whoIsHere');
    expect(told).toEqual([expect.objectContaining({ code: 'too-many-events', event: 'whoIsHere' })]);
  });

  it('are counted for each socket alone', async () => {
    const server = await TestServer.start(admitting(), { limits: { ...noLimits, eventsPerSecond: 5 } });
    const [busy, calm] = [server.connect('/chat'), server.connect('/chat')];
    await Promise.all(times(11, () => busy.ask('whoIsHere')));
    expect(await calm.ask('whoIsHere')).toEqual(served());
  });
});

describe('events per address', () => {
  it('are refused beyond the rate of all connections together, and cut who goes on', async () => {
    const limits = { ...noLimits, eventsPerSecond: 10, eventsPerSecondPerAddress: 8 };
    const server = await TestServer.start(admitting(), { limits });
    const clients = [server.connect('/chat'), server.connect('/chat')];
    const answers = await Promise.all(clients.flatMap((client) => times(4, () => client.ask('whoIsHere'))));
    expect(answers.filter(({ refused }) => refused === undefined)).toHaveLength(4);
    times(120, () => clients[0]!.socket.emit('whoIsHere', {}));
    await clients[0]!.cut;
    expect(server.counters()).toMatchObject({ open: 1, cut: { 'too-many-events': 1 } });
    server.clock.advance(1000);
    expect(await clients[1]!.ask('whoIsHere')).toEqual(served());
  });

  it('are left to the neighbours of a connection that is refused by its own limit', async () => {
    const limits = { ...noLimits, eventsPerSecond: 10, eventsPerSecondPerAddress: 60 };
    const server = await TestServer.start(admitting(), { limits });
    const [busy, calm] = [server.connect('/chat'), server.connect('/chat')];
    const answers = await Promise.all(times(38, () => busy.ask('whoIsHere')));
    expect(answers.filter(({ refused }) => refused === undefined)).toHaveLength(20);
    expect(await Promise.all(times(10, () => calm.ask('whoIsHere')))).toEqual(times(10, served));
  });

  it('are remembered after a network has left, until it would have its whole budget again', () => {
    const budgets = new NetworkBudgets(4, 0.5);
    for (const now of [0, 0]) expect(budgets.of('one', 0).take(now)).toBe(true);
    for (let other = 0; other < 5000; other++) budgets.of(`other-${other}`, 0);
    expect(budgets.of('one', 0).take(0)).toBe(false);
    expect(budgets.of('one', 1000).take(1000)).toBe(true);
  });
});
