import { expect } from 'vitest';
import { post } from '../../strategies/shared/http-client.ts';
import type { TokenPair } from '../../strategies/shared/token-service.ts';
import { defaultLifetimes } from '../../strategies/strategy.ts';
import type { TestUser } from '../../harness/app.ts';
import type { Promised } from '../support/promise.ts';
import { passive, refusalOf, type Scenario, say } from '../support/scenario.ts';
import { shortLived } from './expiry.ts';

const refreshes: Pick<Promised, 'applies'> = { applies: (_, { httpLegs }) => httpLegs.includes('refresh') };
const inBand: Pick<Promised, 'applies'> = { applies: ({ supports }) => supports.renewal === 'in-band' };
const PAST_GRACE = defaultLifetimes.reuseGrace + 1;

async function leg(scenario: Scenario, name: 'login' | 'refresh', body: object): Promise<TokenPair> {
  return (await (await post(`${scenario.app.url}/auth/${name}`, body)).json()) as TokenPair;
}

const login = (scenario: Scenario, { username, password }: TestUser) => leg(scenario, 'login', { username, password });
const refresh = (scenario: Scenario, { refreshToken }: TokenPair) => leg(scenario, 'refresh', { refreshToken });

const idOf = ({ refreshToken }: TokenPair): unknown =>
  (JSON.parse(Buffer.from(refreshToken.split('.')[1]!, 'base64url').toString()) as { jti: unknown }).jti;

export const refreshing: Promised[] = [
  {
    id: 'refresh-single-use',
    title: 'a refresh token that was used, and whose grace has passed, is refused',
    ...refreshes,
    async run({ start }) {
      const scenario = await start();
      const first = await login(scenario, await scenario.user());
      await refresh(scenario, first);
      scenario.clock.advance(PAST_GRACE);
      expect(await refusalOf(refresh(scenario, first))).toBe('token-reused');
    },
  },
  {
    id: 'reuse-revokes-family',
    title: 'reuse ends the whole family, the newest token included',
    ...refreshes,
    async run({ start }) {
      const scenario = await start();
      const first = await login(scenario, await scenario.user());
      const second = await refresh(scenario, first);
      scenario.clock.advance(PAST_GRACE);
      await refusalOf(refresh(scenario, first));
      expect(await refusalOf(refresh(scenario, second))).toBe('revoked');
    },
  },
  {
    id: 'reuse-kills-live-sockets',
    title: 'reuse ends the open connections of the family',
    ...refreshes,
    async run({ start }) {
      const scenario = await start();
      const user = await scenario.user();
      const client = await scenario.signedIn(user);
      let first: TokenPair | undefined;
      const fetched = globalThis.fetch;
      globalThis.fetch = async (...args) => {
        const response = await fetched(...args);
        first ??= (await response.clone().json()) as TokenPair;
        return response;
      };
      try {
        await client.signIn(user.username, user.password);
      } finally {
        globalThis.fetch = fetched;
      }
      const socket = await scenario.connect(client, passive);
      await refresh(scenario, first!);
      scenario.clock.advance(PAST_GRACE);
      await refusalOf(refresh(scenario, first!));
      expect(await refusalOf(say(socket))).toBe('token-reused');
    },
  },
  {
    id: 'refresh-lost-ack',
    title: 'the immediate predecessor gets the same answer within the grace: a lost answer is no theft',
    ...refreshes,
    async run({ start }) {
      const scenario = await start();
      const first = await login(scenario, await scenario.user());
      await refresh(scenario, first);
      const again = await refresh(scenario, first);
      expect(await refusalOf(refresh(scenario, again))).toBeUndefined();
    },
  },
  {
    id: 'replay-after-downgrade',
    title: 'the answer that is given again within the grace never brings a lost role back',
    ...refreshes,
    async run({ start }) {
      const scenario = await start();
      const user = await scenario.user(['moderator']);
      const first = await login(scenario, user);
      await refresh(scenario, first);
      scenario.app.directory.setRoles(user.subject, []);
      scenario.clock.advance(1);
      const again = await refresh(scenario, first).catch(() => undefined);
      const claims = Buffer.from(again?.accessToken.split('.')[1] ?? '', 'base64url').toString();
      expect(claims).not.toContain('moderator');
    },
  },
  {
    id: 'grace-predecessor-only',
    title: 'an older token than the immediate predecessor is reuse, within the grace too',
    ...refreshes,
    async run({ start }) {
      const scenario = await start();
      const first = await login(scenario, await scenario.user());
      await refresh(scenario, await refresh(scenario, first));
      expect(await refusalOf(refresh(scenario, first))).toBe('token-reused');
    },
  },
  {
    id: 'refresh-race',
    title: 'many renewals of one token at once have one child',
    ...refreshes,
    async run({ start }) {
      const scenario = await start();
      const first = await login(scenario, await scenario.user());
      const pairs = await Promise.all(Array.from({ length: 10 }, () => refresh(scenario, first)));
      expect(new Set(pairs.map(idOf)).size).toBe(1);
    },
  },
  {
    id: 'renewal-single-flight',
    title: 'however many messages fail at once for expiry, there is one renewal and each is retried once',
    ...inBand,
    async run({ start }) {
      const scenario = await start(shortLived);
      const user = await scenario.user();
      const client = await scenario.signedIn(user);
      const socket = await scenario.connect(client);
      scenario.clock.advance(client.expiresAt! - scenario.clock.now() + 1);
      const answers = await Promise.all(Array.from({ length: 8 }, (_, index) => say(socket, `message ${index}`)));
      expect(answers.every(({ from }) => from === user.subject)).toBe(true);
      expect(socket.counters).toEqual({ renewals: 1, reconnects: 0, retries: 8 });
      expect(scenario.app.counters().renewals).toBe(1);
    },
  },
  {
    id: 'refresh-identity-swap',
    title: "another user's refresh token does not renew a connection, and ends it",
    ...inBand,
    async run({ start }) {
      const scenario = await start();
      const socket = await scenario.connect(await scenario.signedIn(await scenario.user()), passive);
      const stranger = await scenario.signedIn(await scenario.user());
      const theirs = stranger.renewal?.();
      expect(await refusalOf(socket.request('auth:renew', theirs))).toBe('subject-mismatch');
      expect(await socket.ended).toBe('subject-mismatch');
      // It was not spent: its owner renews with it.
      expect(await refusalOf(stranger.renew())).toBeUndefined();
    },
  },
  {
    id: 'refresh-sign-in-swap',
    title: "another sign-in's refresh token does not renew a connection, though the user is the same",
    ...inBand,
    async run({ start }) {
      const scenario = await start();
      const user = await scenario.user();
      const socket = await scenario.connect(await scenario.signedIn(user), passive);
      const other = await scenario.signedIn(user);
      expect(await refusalOf(socket.request('auth:renew', other.renewal?.()))).toBe('subject-mismatch');
    },
  },
  {
    id: 'refresh-error-acks',
    title: 'a bad refresh token gets an answer, without the token in it',
    ...inBand,
    async run({ start }) {
      const scenario = await start();
      const socket = await scenario.connect(await scenario.signedIn(await scenario.user()), passive);
      for (const credential of [null, 1, 'canary', {}, { refreshToken: 'canary' }, { refreshToken: 7 }]) {
        const ack: unknown = await socket.socket.timeout(2000).emitWithAck('auth:renew', credential);
        expect(ack).toMatchObject({ refused: { code: 'unauthenticated' } });
        expect(JSON.stringify(ack)).not.toContain('canary');
      }
    },
  },
  {
    id: 'renewal-unsupported',
    title: 'a strategy without renewal in band says so',
    applies: ({ supports }) => supports.renewal !== 'in-band',
    async run({ start }) {
      const scenario = await start();
      const socket = await scenario.connect(await scenario.signedIn(await scenario.user()), passive);
      expect(await refusalOf(socket.request('auth:renew', {}))).toBe('renewal-unsupported');
    },
  },
];
