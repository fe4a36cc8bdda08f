import { expectHttpRefusal } from '../checks/expectations.ts';
import { issued, refusesAll } from '../checks/issued.ts';
import { audit, topic, withoutJwt, withoutRefreshJwt } from '../engine/audit.ts';

/** What a token says, though its signature is right. */
export default topic('Token validation', [
  audit('iss-aud', 'MUST refuse a token of another issuer, or for another audience, though its signature is right', {
    source: 'RFC 8725 3.8, 3.9',
    notFor: withoutJwt,
    inside: async (subject) => {
      const known = await issued(subject);
      const { iss: _iss, ...anonymous } = known.payload;
      const { aud: _aud, ...forAnyone } = known.payload;
      const foreign = [
        { ...known.payload, iss: 'https://elsewhere.example' },
        { ...known.payload, aud: 'elsewhere' },
        { ...known.payload, aud: [] },
        anonymous,
        forAnyone,
      ];
      await refusesAll(
        known,
        foreign.map((payload) => known.resigned(payload)),
      );
    },
  }),
  audit('cross-jwt', 'MUST take no token for one of another kind: not a refresh token, not an ID token', {
    source: 'RFC 8725 3.11, 3.12, RFC 9068',
    notFor: withoutRefreshJwt,
    inside: async (subject) => {
      const known = await issued(subject);
      const { username, password } = await known.scenario.user();
      const response = await fetch(`${known.scenario.app.url}/auth/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ username, password }),
      });
      const { refreshToken, accessToken } = (await response.json()) as Record<string, string>;
      const idToken = known.resigned({ ...known.payload, nonce: 'n' }, { ...known.header, typ: 'JWT' });
      await refusesAll(known, [refreshToken!, idToken]);
      const inReverse = await fetch(`${known.scenario.app.url}/auth/refresh`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ refreshToken: accessToken }),
      });
      expectHttpRefusal(inReverse);
    },
  }),
  audit('required-claims', 'MUST refuse a token without an expiry, a subject or an id, though its signature is right', {
    source: 'RFC 8725 3.8',
    notFor: withoutJwt,
    inside: async (subject) => {
      const known = await issued(subject);
      const without = (name: string) =>
        known.resigned(Object.fromEntries(Object.entries(known.payload).filter(([claim]) => claim !== name)));
      await refusesAll(known, ['exp', 'iat', 'sub', 'jti'].map(without));
    },
  }),
  audit('claim-type-fuzz', 'MUST refuse claims of any wrong type, though the signature is right', {
    source: 'ASVS 16.5.4',
    notFor: withoutJwt,
    inside: async (subject) => {
      const known = await issued(subject);
      const { payload } = known;
      const wrong = [null, '', '9999999999', [], {}, true, -1, Number.NaN];
      const forged = [
        ...wrong.map((exp) => known.resigned({ ...payload, exp })),
        ...[null, '', 7, [], {}, { toString: 'admin' }].map((sub) => known.resigned({ ...payload, sub })),
        known.resigned(JSON.stringify(payload).replace(/"exp":\d+/, '"exp":1e999')),
        known.resigned(JSON.stringify(payload).replace(/"sub":"[^"]*"/, '"__proto__":{"sub":"admin"}')),
        known.resigned(JSON.stringify({ ...payload, roles: { length: 1, 0: 'moderator' } })),
        known.resigned('[]'),
        known.resigned('null'),
        known.resigned('{'),
      ];
      await refusesAll(known, forged);
    },
  }),
]);
