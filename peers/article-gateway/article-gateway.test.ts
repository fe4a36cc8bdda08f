import { describe, expect, onTestFinished } from 'vitest';
import { forge, withCredential } from '../../harness/probes/forgery.ts';
import { inRoom, PeerLab } from '../../test/support/peer-lab.ts';
import {
  anyOrigin,
  parsedSecret,
  type Proof,
  proveDifferences,
  receivesAfterExpiry,
  sendsAfterExpiry,
  statelessTokens,
} from '../../test/support/peer-proofs.ts';
import peer from './index.ts';

/** Takes the next one from whoever would end the process for it. */
function nextUnhandledRejection(): Promise<unknown> {
  const listeners = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  onTestFinished(() => {
    process.removeAllListeners('unhandledRejection');
    for (const listener of listeners) process.on('unhandledRejection', listener);
  });
  return new Promise((resolve) => process.on('unhandledRejection', resolve));
}

async function enterTheRoomOfAnother() {
  const lab = await PeerLab.start(peer);
  const carried = (await lab.signedIn('eve')).connectOptions();
  const rejection = nextUnhandledRejection();
  const outcome = await lab.attempt(inRoom(carried, 'ada'));
  return { outcome, rejection: await rejection };
}

const proofs: Record<string, Proof> = {
  ...sendsAfterExpiry,
  ...receivesAfterExpiry,
  ...statelessTokens,
  ...parsedSecret,
  ...anyOrigin,
  'A client with a forged token is told that it is connected before it is disconnected': async () => {
    const lab = await PeerLab.start(peer);
    const forged = withCredential((await lab.signedIn('ada')).connectOptions(), forge);
    expect(await lab.attempt(forged)).toMatchObject({ connected: true, end: 'disconnect' });
  },
  'An event that is sent before the verdict reaches the handler: nothing awaits the hook': async () => {
    let answer!: () => void;
    const find = () => new Promise<undefined>((resolve) => (answer = () => resolve(undefined)));
    const lab = await PeerLab.start(peer, { find });
    const { end, told, socket } = await lab.attempt((await lab.signedIn('ada')).connectOptions());
    // The handler's own: it looked for the user of a client that had none yet.
    expect({ end, told }).toMatchObject({ end: 'exception', told: { message: 'Internal server error' } });
    const ended = new Promise((resolve) => socket.once('disconnect', resolve));
    answer();
    await ended;
  },
  'A throw in the hook, for a user who may not enter, is an unhandled rejection, which ends a process by default':
    async () => {
      const { rejection } = await enterTheRoomOfAnother();
      expect(rejection).toMatchObject({ message: 'This user may not enter' });
    },
  'Where the process outlives that throw, the user who may not enter stays connected and is answered': async () => {
    const { outcome } = await enterTheRoomOfAnother();
    expect(outcome).toMatchObject({ end: 'answered', told: { from: 'eve' } });
    expect(outcome.socket.connected).toBe(true);
  },
};

describe('article-gateway differs', () => {
  proveDifferences(peer, proofs);
});
