import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connectFrame } from '../../harness/app/raw-transport.ts';
import { KeyRing, ecKey } from '../../strategies/shared/tokens/key-ring.ts';
import { expectNone, expectTokenAdmitted, expectTokenRefused } from '../checks/expectations.ts';
import { hmacToken, readToken, tampered, twinOf, unsignedToken } from '../checks/forge.ts';
import { issued, refusesAll, tokenOf } from '../checks/issued.ts';
import { audit, topic, withoutJwt } from '../engine/audit.ts';
import { BrokenPromise } from '../broken-promise.ts';

const algorithms = ['none', 'None', 'NONE', 'nOnE', ''];

export default topic('Token validation', [
  audit('sig-tampered', 'MUST refuse a token of which one character is another', {
    source: 'ASVS 9.1.1, RFC 8725 3.1',
    notFor: withoutJwt,
    inside: async (subject) => {
      const known = await issued(subject);
      await refusesAll(known, [tampered(known.token, 0), tampered(known.token, 1), tampered(known.token, 2)]);
    },
  }),
  audit('alg-none', 'MUST refuse a token that says it is not signed, however that is spelled', {
    source: 'RFC 8725 3.2',
    notFor: withoutJwt,
    inside: async (subject) => {
      const known = await issued(subject);
      const signature = known.token.split('.')[2];
      const forged = algorithms.flatMap((alg) => [
        unsignedToken({ ...known.header, alg }, known.payload),
        unsignedToken({ ...known.header, alg }, known.payload, signature),
      ]);
      await refusesAll(known, forged);
    },
  }),
  audit('alg-confusion', 'MUST refuse an HMAC made with its public key', {
    source: 'RFC 8725 3.1',
    notFor: withoutJwt,
    inside: async ({ start }) => {
      const key = ecKey();
      const scenario = await start({ keys: new KeyRing(key) });
      const token = await tokenOf(scenario);
      const { header, payload } = readToken(token);
      const pem = key.verify.export({ type: 'spki', format: 'pem' }).toString();
      for (const secret of [pem, pem.trim(), key.verify.export({ type: 'spki', format: 'der' }).toString('latin1')]) {
        await expectTokenRefused(scenario, hmacToken({ ...header, alg: 'HS256' }, payload, secret));
      }
      await expectTokenAdmitted(scenario, token);
    },
  }),
  audit('alg-not-allowed', 'MUST refuse an algorithm that it does not sign with, though the key is right', {
    source: 'RFC 8725 3.1',
    notFor: withoutJwt,
    inside: async (subject) => {
      const known = await issued(subject);
      const forged = ['384', '512'].map((bits) =>
        hmacToken({ ...known.header, alg: `HS${bits}` }, known.payload, known.key, `sha${bits}`),
      );
      await refusesAll(known, forged);
    },
  }),
  audit('header-key-injection', 'MUST take no key from a token, and ask no address that a token names', {
    source: 'RFC 8725 3.10',
    notFor: withoutJwt,
    inside: async (subject) => {
      const known = await issued(subject);
      let asked = 0;
      const listener = createServer((_, response) => response.end(String((asked += 1)))).listen(0, '127.0.0.1');
      await once(listener, 'listening');
      try {
        const url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/keys.json`;
        const own = randomBytes(32).toString('base64url');
        const headers = [
          { jwk: { kty: 'oct', k: own } },
          { jku: url },
          { x5u: url },
          { x5c: [own] },
          { kid: '../../../dev/null' },
          { kid: `${url}#key` },
        ];
        const forged = headers.map((header) => hmacToken({ ...known.header, ...header }, known.payload, own));
        const empty = hmacToken({ ...known.header, kid: '../../../dev/null' }, known.payload, '');
        await refusesAll(known, [...forged, empty]);
        expectNone('requests to the address in a token', asked);
      } finally {
        listener.close();
      }
    },
  }),
  audit('crit-unknown', 'MUST refuse a token whose header makes an extension critical that it does not know', {
    source: 'RFC 7515 4.1.11',
    notFor: withoutJwt,
    inside: async (subject) => {
      const known = await issued(subject);
      const header = { ...known.header, crit: ['unheard-of'], 'unheard-of': true };
      await refusesAll(known, [known.resigned(known.payload, header)]);
    },
  }),
  audit('token-malleability', 'MUST refuse another spelling of a token that was revoked', {
    source: 'RFC 7515 5.2',
    notFor: withoutJwt,
    inside: async ({ start }) => {
      const scenario = await start();
      const client = await scenario.signedIn(await scenario.user());
      const token = String(client.connectOptions().auth?.['token']);
      await client.signOut();
      await expectTokenRefused(scenario, twinOf(token));
      await expectTokenRefused(scenario, token);
    },
  }),
  audit('oversize-token', 'MUST turn a token of up to 900 KB away and live on', {
    source: 'ASVS 16.5.4',
    destructive: true,
    notFor: withoutJwt,
    inside: async (subject) => {
      const known = await issued(subject);
      for (const kilobytes of [1, 8, 60, 900]) {
        const transport = await known.scenario.raw();
        const padded = known.resigned({ ...known.payload, padding: 'x'.repeat(kilobytes * 1024) });
        transport.send(connectFrame('/chat', { token: kilobytes === 1 ? padded.slice(1) : padded }));
        const answer = await transport.frame(/^4[04]/);
        if (answer?.startsWith('40'))
          throw new BrokenPromise(`a refusal of a token of ${kilobytes} KB`, 'was admitted');
      }
      await expectTokenAdmitted(known.scenario, known.token);
    },
  }),
  audit('unknown-kid-flood', 'MUST turn tokens of unknown keys away without keeping or fetching anything for them', {
    source: 'RFC 8725 3.10',
    destructive: true,
    notFor: withoutJwt,
    inside: async (subject) => {
      const known = await issued(subject);
      const forged = Array.from({ length: 30 }, () =>
        hmacToken({ ...known.header, kid: randomBytes(9).toString('base64url') }, known.payload, known.key),
      );
      await refusesAll(known, forged);
    },
  }),
  audit('key-rotation', 'MUST accept a former key for as long as it overlaps, and refuse it afterwards', {
    notFor: withoutJwt,
    inside: async ({ start }) => {
      const keys = new KeyRing(ecKey());
      const scenario = await start({ keys, lifetimes: { accessToken: 3_600_000 } });
      const former = await tokenOf(scenario);
      keys.rotate(ecKey(), scenario.clock.now() + 60_000);
      await expectTokenAdmitted(scenario, former);
      await expectTokenAdmitted(scenario, await tokenOf(scenario));
      scenario.clock.advance(60_001);
      await expectTokenRefused(scenario, former);
      await expectTokenAdmitted(scenario, await tokenOf(scenario));
    },
  }),
]);
