import { readFileSync } from 'node:fs';
import { Socket } from 'socket.io';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { forge, withCredential } from '../harness/probes/forgery.ts';
import { openConnection } from '../harness/app/client-connection.ts';
import { routesOf } from '../harness/probes/routes.ts';
import { LoadTarget } from '../harness/load/load-target.ts';
import { AuthSocket } from '../strategies/shared/client/auth-socket.ts';
import type { Failure } from '../strategies/shared/client/failures.ts';
import { inRoom, PeerLab } from '../test/support/peer-lab.ts';
import { loadPeer, loadPeers } from './registry.ts';

const ENDS = { handshake: 'connect_error', message: 'exception', disconnect: 'disconnect' } as const;

describe.each(await loadPeers())('$id', (peer) => {
  const refused = ENDS[peer.refuses];

  it('answers an honest client as itself', async () => {
    const lab = await PeerLab.start(peer);
    const client = await lab.signedIn('ada');
    expect(client.expiresAt).toBeGreaterThan(Date.now());
    const socket = await AuthSocket.connect(client, `${lab.url}/chat`, { auth: { room: 'ada' }, recover: false });
    onTestFinished(() => socket.close());
    expect(await socket.request('sendMessage', { text: 'hello' })).toEqual({
      id: expect.any(String),
      from: 'ada',
      text: 'hello',
    });
  });

  it('gives no credential for a wrong password', async () => {
    const lab = await PeerLab.start(peer);
    await lab.signedIn('ada');
    const client = await lab.client();
    await expect(client.signIn('ada', 'not the password')).rejects.toMatchObject({ code: 'failed' });
  });

  it('answers no message without a credential', async () => {
    const lab = await PeerLab.start(peer);
    expect(await lab.attempt({})).toMatchObject({ end: refused, connected: peer.refuses !== 'handshake' });
  });

  it('answers no message with a forged credential', async () => {
    const lab = await PeerLab.start(peer);
    const carried = (await lab.signedIn('ada')).connectOptions();
    const forged = withCredential(carried, forge);
    expect(forged).not.toEqual(carried);
    expect(await lab.attempt(forged)).toMatchObject({ end: refused });
    expect(await lab.attempt(carried)).toMatchObject({ end: 'answered' });
  });

  it('answers no message with an expired credential', async () => {
    const lab = await PeerLab.start(peer, { lifetime: 2000 });
    const carried = (await lab.signedIn('ada')).connectOptions();
    expect(await lab.attempt(carried)).toMatchObject({ end: 'answered' });
    PeerLab.pass(3000);
    expect(await lab.attempt(carried)).toMatchObject({ end: refused });
  });

  it('refuses a handshake in a way that AuthSocket bears with', async () => {
    const lab = await PeerLab.start(peer);
    const forged = withCredential((await lab.signedIn('ada')).connectOptions(), forge);
    const client = { ...(await lab.client()), expiresAt: undefined, connectOptions: () => forged as object };
    const code = await AuthSocket.connect(client, `${lab.url}/chat`, { recover: false }).then(
      (socket) => {
        socket.close();
        return undefined;
      },
      (error: Failure) => error.code,
    );
    // One refuses the WebSocket itself, another the CONNECT.
    const codes = ['server-unreachable', 'unavailable'];
    expect(peer.refuses === 'handshake' ? codes : [undefined]).toContain(code);
  });

  it('enters the room once, however many messages come', async () => {
    const lab = await PeerLab.start(peer);
    const join = vi.spyOn(Socket.prototype, 'join');
    onTestFinished(() => join.mockRestore());
    const { socket } = await lab.attempt(inRoom((await lab.signedIn('ada')).connectOptions(), 'ada'));
    await socket.emitWithAck('sendMessage', { text: 'and again' });
    expect(join.mock.calls.filter(([room]) => room === 'ada')).toHaveLength(1);
  });

  it('carries what is said to the others in the room, and to no other room', async () => {
    const lab = await PeerLab.start(peer);
    const [ada, bob, eve] = await Promise.all(['ada', 'bob', 'eve'].map((name) => lab.signedIn(name)));
    const connections = [inRoom(ada!.connectOptions(), 'ada'), bob!.connectOptions(), eve!.connectOptions()];
    const [alone, one, other] = await Promise.all(
      connections.map(async (carried) => {
        const { end, socket } = await lab.attempt(carried);
        expect(end).toBe('answered');
        const heard: unknown[] = [];
        socket.on('message', ({ from }: { from: string }) => heard.push(from));
        return { heard, ask: (text: string) => socket.emitWithAck('sendMessage', { text }) };
      }),
    );
    await one!.ask('to eve');
    await other!.ask('to bob');
    await alone!.ask('to nobody');
    // Each answer comes after whatever was sent to its connection before.
    await one!.ask('last');
    expect([alone!.heard, one!.heard.includes('eve'), other!.heard.includes('bob')]).toEqual([[], true, true]);
    expect([...one!.heard, ...other!.heard]).not.toContain('ada');
  });

  it('bears an honest load', async () => {
    const lab = await PeerLab.start(peer);
    const { createClient } = await peer.client();
    const target = new LoadTarget(lab.url, { createClient, openConnection });
    onTestFinished(() => target.leave());
    const names = Array.from({ length: 20 }, (_, index) => `user-${index}`);
    const users = names.map((name) => ({ subject: name, username: name, password: `the password of ${name}` }));
    await Promise.all(users.map((user) => lab.directory.add(user)));
    await target.signIn(users);
    await target.connect(users.length);
    target.load(80);
    await expect.poll(() => target.done.count, { timeout: 8000 }).toBeGreaterThan(500);
    await target.stop();
    expect(target.done.wrong).toBe(0);
  });

  it('ends its connections and its port as it closes', async () => {
    const lab = await PeerLab.start(peer);
    const { end, socket } = await lab.attempt((await lab.signedIn('ada')).connectOptions());
    expect(end).toBe('answered');
    const ended = new Promise((resolve) => socket.once('disconnect', resolve));
    await lab.close();
    await ended;
    await expect(lab.client().then((client) => client.signIn('ada', 'any'))).rejects.toMatchObject({
      code: 'server-unreachable',
    });
  });

  it('pushes to a probe that has subscribed, and its refusals end an act in time', async () => {
    const lab = await PeerLab.start(peer, { lifetime: 2000 });
    const client = await lab.signedIn('ada');
    const { talk, listen, subscription } = routesOf({ kind: 'peer', id: peer.id }, 'ada');
    const [talker, listener] = [await talk(client, lab.url), await listen(client, lab.url)];
    onTestFinished(() => [talker, listener].forEach((connection) => connection.close()));
    await listener.request(...subscription);
    const heard = new Promise((resolve) => listener.socket.once('notification', resolve));
    lab.push('ada', { number: 7 });
    expect(await heard).toEqual({ number: 7 });
    await expect(talker.request('sendMessage', { text: 'one' })).resolves.toMatchObject({ from: 'ada' });
    if (peer.refuses !== 'message') return;
    PeerLab.pass(3000);
    const act = talker.request('sendMessage', { text: 'two' });
    await expect(act).rejects.toThrow('refused by an exception event');
  });

  it('names packages that are pinned', () => {
    const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
      dependencies: Record<string, string>;
      devDependencies: Record<string, string>;
    };
    const pinned = { ...manifest.dependencies, ...manifest.devDependencies };
    expect(peer.packages.length).toBeGreaterThan(0);
    for (const name of peer.packages) expect(pinned[name]).toMatch(/^\d+\.\d+\.\d+$/);
  });
});

it('finds a peer by its id, or names those there are', async () => {
  expect(await loadPeer('article-gateway')).toMatchObject({ id: 'article-gateway' });
  await expect(loadPeer('nobody')).rejects.toThrow(/^No peer 'nobody'; there are: article-gateway, /);
});
