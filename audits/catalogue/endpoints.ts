import { expect } from 'expect';
import { type Scenario, refusalOf } from '../../harness/app/scenario.ts';
import { expectHttpRefusal, expectSuccess, expectHttpSuccess } from '../checks/expectations.ts';
import { type NotFor, audit, topic, withoutCookies } from '../engine/audit.ts';
import { BrokenPromise } from '../broken-promise.ts';

/** Failed sign-ins that are allowed here. */
const ALLOWED = 5;
/** One more than a token has room for. */
const TOO_MANY_ROLES = Array.from({ length: 33 }, (_, role) => `role-${role}`);

const withoutLogin: NotFor = ({ httpEndpoints }) => (httpEndpoints.includes('login') ? undefined : 'nobody signs in');

const post = ({ app }: Scenario, path: string, body: object, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${app.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

/** Promises of the HTTP endpoints, for every kind of credential. */
export default topic('Sign-in and sign-out', [
  audit(
    'sign-in-guessing',
    'MUST refuse even the right password after too many wrong ones from one address, and still accept the owner from another',
    {
      source: 'ASVS 6.3.1',
      notFor: withoutLogin,
      inside: async ({ start }) => {
        const scenario = await start({
          limits: { failedSignInsPerAccount: ALLOWED },
          addressOf: ({ headers }) => String(headers['x-address']),
        });
        const { username, password } = await scenario.user();
        const [guesser, owner] = [{ 'x-address': '198.51.100.9' }, { 'x-address': '203.0.113.4' }];
        for (let guess = 0; guess < ALLOWED; guess++) {
          expect((await post(scenario, '/auth/login', { username, password: `wrong-${guess}` }, guesser)).status).toBe(
            401,
          );
        }
        const refused = await post(scenario, '/auth/login', { username, password }, guesser);
        expectHttpRefusal(refused, 429);
        expect(await refused.json()).toMatchObject({ code: 'too-many-attempts' });
        expectHttpSuccess(
          await post(scenario, '/auth/login', { username, password }, owner),
          'the sign-in of the owner',
        );
      },
    },
  ),
  audit('unusable-credential', 'MUST refuse the sign-in of an account whose credential would open no connection', {
    source: 'ASVS 16.5.3',
    notFor: withoutLogin,
    inside: async ({ start }) => {
      const scenario = await start();
      const client = scenario.client();
      const { username, password } = await scenario.user(TOO_MANY_ROLES);
      const refusal = await refusalOf(client.signIn(username, password));
      if (refusal === undefined) await expectSuccess(scenario.connectAsThief(client));
      else expect(refusal).toBe('account-unsupported');
    },
  }),
  audit('no-store', 'MUST keep every answer that carries a credential out of caches', {
    source: 'ASVS 14.3.2, RFC 6749 5.1',
    notFor: withoutLogin,
    inside: async ({ start }) => {
      const scenario = await start();
      const { username, password } = await scenario.user();
      const answers: Response[] = [];
      for (const folder of ['/auth', '/auth/cookie']) {
        const login = await post(scenario, `${folder}/login`, { username, password });
        if (login.status === 404) continue;
        const cookie = login.headers
          .getSetCookie()
          .map((one) => one.split(';', 1)[0])
          .join('; ');
        const text = await login.text();
        const held = text === '' ? {} : (JSON.parse(text) as { refreshToken?: string });
        answers.push(login, await post(scenario, `${folder}/refresh`, held, { cookie }));
      }
      const carrying = answers.filter(({ status }) => status !== 404);
      expect(carrying.length).toBeGreaterThan(0);
      for (const response of carrying) {
        expectHttpSuccess(response, 'a sign-in or renewal');
        const caching = String(response.headers.get('cache-control'));
        if (!/\bno-store\b/.test(caching)) throw new BrokenPromise('Cache-Control: no-store', `it was ${caching}`);
      }
    },
  }),
  audit('logout-forgery', 'MUST refuse a sign-out that a form on another site can send', {
    source: 'ASVS 3.5.1',
    notFor: withoutCookies,
    inside: async ({ start }) => {
      const scenario = await start();
      const { extraHeaders = {} } = (await scenario.signedIn(await scenario.user())).connectOptions();
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
        const forged = await post(scenario, '/auth/logout', {}, { ...extraHeaders, 'content-type': type });
        expectHttpRefusal(forged, 415);
      }
      await expectSuccess(scenario.connectWith({ extraHeaders }));
    },
  }),
]);
