import { generateKeyPairSync } from 'node:crypto';
import { expect, it } from 'vitest';
import type { Peer } from '../../peers/peer.ts';
import { type Carried, withCredential } from '../../harness/probes/forgery.ts';
import { PeerLab } from './peer-lab.ts';

/** Shows on a running peer that a sentence of its `differs` is true. */
export type Proof = (peer: Peer) => Promise<void>;

/** Has every sentence of a peer proven, and nothing that it does not say. */
export function proveDifferences(peer: Peer, proofs: Readonly<Record<string, Proof>>): void {
  it('says what is proven here, and nothing else', () => {
    expect(Object.keys(proofs).toSorted()).toEqual([...peer.differs].toSorted());
  });
  it.each(peer.differs)('%s', async (sentence) => {
    expect.hasAssertions();
    await proofs[sentence]?.(peer);
  });
}

const SHORT = 2000;
const LATER = 3000;

export const anyOrigin: Record<string, Proof> = {
  'An upgrade from any origin is accepted': async (peer) => {
    const lab = await PeerLab.start(peer);
    const { extraHeaders, ...rest } = (await lab.signedIn('ada')).connectOptions();
    const foreign = { ...rest, extraHeaders: { ...extraHeaders, origin: 'https://elsewhere.example' } };
    expect(await lab.attempt(foreign)).toMatchObject({ end: 'answered' });
  },
};

/** Of whoever keeps the roles of a sign-in with it. */
export const rolesOfTheSignIn: Record<string, Proof> = {
  'Roles are those of the sign-in, whatever became of them since': async (peer) => {
    const lab = await PeerLab.start(peer);
    const client = await lab.signedIn('ada');
    lab.directory.setRoles('ada', ['muted']);
    expect(await lab.attempt(client.connectOptions())).toMatchObject({ end: 'answered' });
  },
};

/** Of whoever issues a token and keeps no account of it. */
export const statelessTokens: Record<string, Proof> = {
  'A sign-out ends nothing: the token passes until it expires': async (peer) => {
    const lab = await PeerLab.start(peer);
    const client = await lab.signedIn('ada');
    const stolen = client.connectOptions();
    await client.signOut();
    expect(client.connectOptions()).toEqual({});
    expect(await lab.attempt(stolen)).toMatchObject({ end: 'answered' });
  },
  'A token without an expiry is accepted for ever': async (peer) => {
    const lab = await PeerLab.start(peer);
    const carried = (await lab.signedIn('ada')).connectOptions();
    const endless = withCredential(carried, (token) => {
      const { exp: _, ...claims } = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString());
      return lab.sign(claims);
    });
    PeerLab.pass(100 * 365 * 24 * 3600 * 1000);
    expect(await lab.attempt(endless)).toMatchObject({ end: 'answered' });
  },
};

export const receivesAfterExpiry: Record<string, Proof> = {
  'A connection goes on receiving after its credential has expired': async (peer) => {
    const lab = await PeerLab.start(peer, { lifetime: SHORT });
    const { socket } = await lab.attempt((await lab.signedIn('ada')).connectOptions());
    const heard = new Promise<unknown>((resolve) => socket.once('message', resolve));
    PeerLab.pass(LATER);
    await lab.attempt((await lab.signedIn('bob')).connectOptions());
    expect(await heard).toMatchObject({ from: 'bob' });
  },
};

export const sendsAfterExpiry: Record<string, Proof> = {
  'A connection goes on sending after its credential has expired': async (peer) => {
    const lab = await PeerLab.start(peer, { lifetime: SHORT });
    const client = await lab.signedIn('ada');
    const { socket } = await lab.attempt(client.connectOptions());
    PeerLab.pass(LATER);
    expect(client.expiresAt).toBeLessThan(Date.now());
    const answer = (await socket.timeout(2000).emitWithAck('sendMessage', { text: 'still here' })) as object;
    expect(answer).toMatchObject({ from: 'ada' });
  },
};

/** Of whoever hands jsonwebtoken 9 its secret as a string. */
export const parsedSecret: Record<string, Proof> = {
  'The secret is parsed as a public key first, at each verification': async (peer) => {
    const { publicKey } = generateKeyPairSync('ed25519');
    // A secret like any other to whoever signs with it; to whoever verifies, a key of the wrong kind.
    const secret = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const lab = await PeerLab.start(peer, { secret });
    const outcome = await lab.attempt((await lab.signedIn('ada')).connectOptions());
    expect(['connect_error', 'disconnect', 'exception']).toContain(outcome.end);
  },
};

/** Of whoever reads the header alone. */
export const headerAlone: Record<string, Proof> = {
  'A token in the CONNECT payload is not seen: it travels in a header': async (peer) => {
    const lab = await PeerLab.start(peer);
    const { authorization = '' } = (await lab.signedIn('ada')).connectOptions().extraHeaders ?? {};
    const payload: Carried = { auth: { token: authorization.slice('Bearer '.length) } };
    const { end } = await lab.attempt(payload);
    expect(end).not.toBe('answered');
    expect(await lab.attempt({ extraHeaders: { authorization } })).toMatchObject({ end: 'answered' });
  },
};

/** Of a guard, which sees messages alone. */
export const perMessage = (message: string): Record<string, Proof> => ({
  'Anyone may connect, and stays connected without a credential': async (peer) => {
    const lab = await PeerLab.start(peer);
    const { end, socket } = await lab.attempt({});
    expect(end).toBe('exception');
    await fetch(lab.url);
    expect(socket.connected).toBe(true);
  },
  'A refused message never reaches its ack: an `exception` event echoes it instead': async (peer) => {
    const lab = await PeerLab.start(peer);
    const socket = lab.open({});
    const exceptions: unknown[] = [];
    const acks: unknown[] = [];
    const both = new Promise<void>((resolve) =>
      socket.on('exception', (exception) => exceptions.push(exception) === 2 && resolve()),
    );
    socket.emit('sendMessage', { text: 'one' }, (ack: unknown) => acks.push(ack));
    socket.emit('sendMessage', { text: 'two' }, (ack: unknown) => acks.push(ack));
    await both;
    const cause = { pattern: 'sendMessage', data: { text: 'one' } };
    expect(exceptions[0]).toEqual({ status: 'error', message, cause });
    expect(acks).toEqual([]);
  },
  'Nothing is heard before the first message has passed the guard': async (peer) => {
    const lab = await PeerLab.start(peer);
    const listener = lab.open((await lab.signedIn('ada')).connectOptions());
    const heard: unknown[] = [];
    listener.on('message', (said) => heard.push(said));
    await new Promise((resolve) => listener.once('connect', () => resolve(undefined)));
    const { socket } = await lab.attempt((await lab.signedIn('bob')).connectOptions());
    // Its own answer comes after whatever was sent to it before.
    await listener.emitWithAck('sendMessage', { text: 'now' });
    expect(heard).toEqual([]);
    await socket.emitWithAck('sendMessage', { text: 'and now' });
    await listener.emitWithAck('sendMessage', { text: 'heard?' });
    expect(heard).toMatchObject([{ from: 'bob', text: 'and now' }]);
  },
});
