import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { io } from 'socket.io-client';
import { authorize } from 'socketio-jwt';
import { describe, expect, onTestFinished } from 'vitest';
import { forge, withCredential } from '../../harness/probes/forgery.ts';
import { PeerLab } from '../../test/support/peer-lab.ts';
import {
  anyOrigin,
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
  ...anyOrigin,
  'The first recipe of its README, with two round trips, throws on Socket.IO 4': async () => {
    const http = createServer().listen(0, '127.0.0.1');
    await once(http, 'listening');
    const server = new Server(http);
    onTestFinished(() => server.close());
    const listener = authorize({ secret: 's'.repeat(32), timeout: 15_000 });
    const thrown = new Promise((resolve) =>
      server.on('connection', (socket) => {
        try {
          resolve(listener(socket, () => undefined));
        } catch (error) {
          resolve(error);
        }
      }),
    );
    const client = io(`http://127.0.0.1:${(http.address() as AddressInfo).port}`, { transports: ['websocket'] });
    onTestFinished(() => void client.disconnect());
    expect(await thrown).toBeInstanceOf(TypeError);
  },
  'It verifies with jsonwebtoken 8, and not with the current 9': async () => {
    const require = createRequire(createRequire(import.meta.url).resolve('socketio-jwt'));
    expect(require('jsonwebtoken/package.json')).toMatchObject({ version: expect.stringMatching(/^8\./) });
  },
  'A refusal has the code `invalid_token`, whether the token expired or was forged': async () => {
    const lab = await PeerLab.start(peer, { lifetime: 2000 });
    const carried = (await lab.signedIn('ada')).connectOptions();
    const refusal = { end: 'connect_error', told: { data: { code: 'invalid_token' } } };
    expect(await lab.attempt(withCredential(carried, forge))).toMatchObject(refusal);
    PeerLab.pass(3000);
    expect(await lab.attempt(carried)).toMatchObject(refusal);
  },
  'A token in the URL is taken as well, where proxies log it': async () => {
    const lab = await PeerLab.start(peer);
    const { authorization = '' } = (await lab.signedIn('ada')).connectOptions().extraHeaders ?? {};
    const token = authorization.slice('Bearer '.length);
    expect(await lab.attempt({ query: { token } })).toMatchObject({ end: 'answered' });
  },
};

describe('socketio-jwt differs', () => {
  proveDifferences(peer, proofs);
});
