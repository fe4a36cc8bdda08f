import { describe, expect, it } from 'vitest';
import type { AuthDecision } from '../../../strategies/strategy.ts';
import { gate, until } from '../../support/gate.ts';
import { connectFrame } from '../../../harness/app/raw-transport.ts';
import { TestServer } from '../../support/test-server.ts';
import { admitting } from '../../support/test-strategy.ts';

const ann = { subject: 'ann' };
const answersTo = (frames: string[], namespace: string) =>
  frames.filter((frame) => frame.startsWith(`40${namespace},`) || frame.startsWith(`44${namespace},`));

describe('one transport', () => {
  it('carries several namespaces of one subject', async () => {
    const server = await TestServer.start(admitting());
    const client = await server.raw();
    client.send(connectFrame('/chat', ann), connectFrame('/notifications', ann));
    expect(await client.frame(/^4[04]\/chat/)).toMatch(/^40/);
    expect(await client.frame(/^4[04]\/notifications/)).toMatch(/^40/);
    expect(server.counters().open).toBe(2);
  });

  it('belongs to one subject, also once that one has left the namespace', async () => {
    const server = await TestServer.start(admitting());
    const client = await server.raw();
    client.send(connectFrame('/chat', ann));
    await client.frame(/^40\/chat/);
    client.send(connectFrame('/notifications', { subject: 'bob' }));
    expect(await client.frame(/^44\/notifications/)).toContain('"code":"subject-mismatch"');
    client.send('41/chat,');
    await until(() => server.counters().open === 0);
    client.send(connectFrame('/chat', { subject: 'bob' }));
    expect(await client.frame(/^44\/chat/)).toContain('"code":"subject-mismatch"');
    expect(server.counters()).toMatchObject({ open: 0, pending: 0, accepted: 1 });
  });

  it('opens a namespace once, however many CONNECTs ask for it while one is decided on', async () => {
    const decision = gate<AuthDecision>();
    let asked = 0;
    const slow = admitting({ authenticate: () => ((asked += 1), decision.passed) });
    const server = await TestServer.start(slow);
    const client = await server.raw();
    client.send(connectFrame('/chat', ann), connectFrame('/chat', ann));
    expect(await client.frame(/^44\/chat/)).toContain('"code":"already-connected"');
    decision.open({ admitted: true, principal: { subject: 'ann', roles: [] } });
    await client.frame(/^40\/chat/);
    expect(asked).toBe(1);
    expect(server.counters()).toMatchObject({ open: 1, pending: 0, accepted: 1 });
  });

  it('opens a namespace again that was left', async () => {
    const server = await TestServer.start(admitting());
    const client = await server.raw();
    client.send(connectFrame('/chat', ann));
    await client.frame(/^40\/chat/);
    client.send('41/chat,');
    await until(() => server.counters().open === 0);
    client.send(connectFrame('/chat', ann));
    await until(() => answersTo(client.frames, '/chat').length === 2);
    expect(answersTo(client.frames, '/chat')[1]).toMatch(/^40/);
  });

  it('is gone once one of its connections is cut, so that no CONNECT comes back on it', async () => {
    const server = await TestServer.start(admitting());
    const client = await server.raw();
    client.send(connectFrame('/notifications', ann));
    await client.frame(/^40\/notifications/);
    client.send(connectFrame('/chat', { ...ann, room: 'bob' }));
    await client.closed;
    expect(client.frames).toContainEqual(expect.stringMatching(/^42\/chat,\["auth:cut",\{"code":"forbidden"/));
    expect(server.counters()).toMatchObject({ open: 0, pending: 0 });
  });
});
