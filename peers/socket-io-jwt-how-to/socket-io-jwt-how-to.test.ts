import { describe, expect } from 'vitest';
import { PeerLab } from '../../test/support/peer-lab.ts';
import {
  anyOrigin,
  parsedSecret,
  headerAlone,
  type Proof,
  proveDifferences,
  receivesAfterExpiry,
  rolesOfTheSignIn,
  sendsAfterExpiry,
  statelessTokens,
} from '../../test/support/peer-proofs.ts';
import peer from './index.ts';

const proofs: Record<string, Proof> = {
  ...headerAlone,
  ...sendsAfterExpiry,
  ...receivesAfterExpiry,
  ...rolesOfTheSignIn,
  ...statelessTokens,
  ...parsedSecret,
  ...anyOrigin,
  'A refused client is told of a transport error, without a code, and goes on trying': async () => {
    const lab = await PeerLab.start(peer);
    const { end, told, socket } = await lab.attempt({ reconnection: true });
    expect(end).toBe('connect_error');
    expect(told).toMatchObject({ type: 'TransportError', message: 'websocket error' });
    expect(told).not.toHaveProperty('data');
    expect(socket.active).toBe(true);
  },
  'Long-polling is on, and its requests need no more than the `sid` after the handshake': async () => {
    const lab = await PeerLab.start(peer);
    const { extraHeaders = {} } = (await lab.signedIn('ada')).connectOptions();
    const polling = `${lab.url}/socket.io/?EIO=4&transport=polling`;
    expect((await fetch(polling)).status).toBe(401);
    const opened = await (await fetch(polling, { headers: extraHeaders })).text();
    const { sid } = JSON.parse(opened.slice(1)) as { sid: string };
    const bare = `${polling}&sid=${sid}`;
    const say = (packet: string) => fetch(bare, { method: 'POST', body: packet });
    const hear = async (packet: string) => {
      let heard = '';
      while (!heard.includes(packet)) heard += await (await fetch(bare)).text();
      return heard;
    };
    await say('40/chat,');
    await hear('40/chat');
    await say('42/chat,7["sendMessage",{"text":"polled"}]');
    expect(await hear('43/chat,7')).toContain('"from":"ada","text":"polled"');
  },
};

describe('socket-io-jwt-how-to differs', () => {
  proveDifferences(peer, proofs);
});
