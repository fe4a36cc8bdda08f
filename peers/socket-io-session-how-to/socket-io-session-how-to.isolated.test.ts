import { Manager } from 'socket.io-client';
import { describe, expect, onTestFinished, vi } from 'vitest';
import { PeerLab } from '../../test/support/peer-lab.ts';
import { anyOrigin, type Proof, proveDifferences, rolesOfTheSignIn } from '../../test/support/peer-proofs.ts';
import peer from './index.ts';

const once = (socket: { once(event: string, listener: (told: unknown) => void): unknown }, event: string) =>
  new Promise<unknown>((resolve) => socket.once(event, resolve));

const proofs: Record<string, Proof> = {
  ...rolesOfTheSignIn,
  ...anyOrigin,
  'The handshake refuses nobody: whoever has no user is disconnected after CONNECT': async () => {
    const lab = await PeerLab.start(peer);
    const told = 'io server disconnect';
    expect(await lab.attempt({})).toMatchObject({ connected: true, end: 'disconnect', told });
  },
  'Whoever asks over HTTP is given a session, signed in or not': async () => {
    const lab = await PeerLab.start(peer);
    const { headers } = await fetch(lab.url);
    expect(headers.getSetCookie()).toEqual([expect.stringMatching(/^connect\.sid=/)]);
  },
  'Messages do not prolong the session: it ends under active traffic': async () => {
    const lab = await PeerLab.start(peer, { lifetime: 2000 });
    const { socket } = await lab.attempt((await lab.signedIn('ada')).connectOptions());
    const ended = once(socket, 'disconnect');
    for (const text of ['one', 'two', 'three']) {
      expect(await socket.emitWithAck('sendMessage', { text })).toMatchObject({ text });
      PeerLab.pass(600);
    }
    PeerLab.pass(600);
    socket.emit('sendMessage', { text: 'four' });
    expect(await ended).toBe('io server disconnect');
  },
  'A silent connection goes on receiving for up to 30 seconds after its session has ended': async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const lab = await PeerLab.start(peer, { lifetime: 2000 });
    const silent = lab.open((await lab.signedIn('ada')).connectOptions());
    await once(silent, 'connect');
    const heard = once(silent, 'message');
    const ended = once(silent, 'disconnect');
    PeerLab.pass(3000);
    await lab.attempt((await lab.signedIn('bob')).connectOptions());
    expect(await heard).toMatchObject({ from: 'bob' });
    vi.advanceTimersByTime(30_000);
    await ended;
  },
  'A sign-out leaves the transport open: a CONNECT on it is admitted again, and listens until it speaks': async () => {
    const lab = await PeerLab.start(peer);
    const client = await lab.signedIn('ada');
    const manager = new Manager(lab.url, { transports: ['websocket'], ...client.connectOptions() });
    // Keeps the transport in use: an own client closes it once its last namespace is gone.
    const root = manager.socket('/');
    const chat = manager.socket('/chat');
    onTestFinished(() => void [chat, root].map((socket) => socket.disconnect()));
    await Promise.all([once(root, 'connect'), chat.emitWithAck('sendMessage', { text: 'signed in' })]);
    const cut = once(chat, 'disconnect');
    await client.signOut();
    expect(await cut).toBe('io server disconnect');
    chat.connect();
    await once(chat, 'connect');
    const heard = once(chat, 'message');
    await lab.attempt((await lab.signedIn('bob')).connectOptions());
    expect(await heard).toMatchObject({ from: 'bob' });
    const ended = once(chat, 'disconnect');
    chat.emit('sendMessage', { text: 'signed out' });
    expect(await ended).toBe('io server disconnect');
  },
};

describe('socket-io-session-how-to differs', () => {
  proveDifferences(peer, proofs);
});
