import { expect } from 'expect';
import { connectFrame } from '../../harness/app/raw-transport.ts';
import { type Scenario, refusalOf, say } from '../../harness/app/scenario.ts';
import {
  expectClosed,
  expectJoined,
  expectNone,
  expectRefusal,
  expectSuccess,
  expectHttpSuccess,
} from '../checks/expectations.ts';
import { shortLived } from '../checks/lifetimes.ts';
import { audit, topic, withoutCookies } from '../engine/audit.ts';

/** Signs a new user in, and returns the `Set-Cookie` headers. */
async function signIn(scenario: Scenario, cookie = ''): Promise<string[]> {
  const { username, password } = await scenario.user();
  const response = await fetch(`${scenario.app.url}/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie },
    body: JSON.stringify({ username, password }),
  });
  expectHttpSuccess(response, 'the sign-in');
  return response.headers.getSetCookie();
}

const pairOf = ([cookie = '']: readonly string[]): string => cookie.split(';', 1)[0]!;
/** CONNECT with this cookie alone. */
const opening = (scenario: Scenario, cookie: string) => scenario.connectWith({ extraHeaders: { cookie } });

export default topic('Session', [
  audit('fixation', 'MUST make a new session at each sign-in, and end the one that came with it', {
    source: 'ASVS 7.2.4',
    notFor: withoutCookies,
    inside: async ({ start }) => {
      const scenario = await start();
      const planted = pairOf(await signIn(scenario));
      const cookie = pairOf(await signIn(scenario, planted));
      expect(cookie).not.toBe(planted);
      await expectRefusal(opening(scenario, planted));
      await expectSuccess(opening(scenario, cookie));
    },
  }),
  audit('cookie-attributes', 'MUST keep its cookie from scripts and from other sites', {
    source: 'ASVS 3.3',
    notFor: withoutCookies,
    inside: async ({ start }) => {
      const [cookie = ''] = await signIn(await start());
      const attributes = cookie.toLowerCase().split('; ').slice(1);
      expect(attributes).toContain('httponly');
      expect(attributes.find((attribute) => attribute.startsWith('samesite='))).toMatch(/^samesite=(lax|strict)$/);
      expectNone('Domain attributes', attributes.filter((attribute) => attribute.startsWith('domain=')).length);
    },
  }),
  audit('opaque-hygiene', 'MUST give a session an id of at least 128 random bits', {
    source: 'ASVS 7.2.3',
    notFor: withoutCookies,
    inside: async ({ start }) => {
      const scenario = await start();
      const ids = new Set<string>();
      for (let round = 0; round < 20; round++) {
        const [, id = ''] = /^[^=]+=s:([^.]+)\./.exec(decodeURIComponent(pairOf(await signIn(scenario)))) ?? [];
        // 6 bits a character.
        expect(6 * id.length).toBeGreaterThanOrEqual(128);
        ids.add(id);
      }
      expect(ids.size).toBe(20);
    },
  }),
  audit('reload-after-logout', 'MUST know nobody by the cookie of a session that was signed out, over HTTP either', {
    source: 'ASVS 7.4.1',
    notFor: withoutCookies,
    inside: async ({ start }) => {
      const scenario = await start();
      const client = await scenario.signedIn(await scenario.user());
      const { cookie = '' } = client.connectOptions().extraHeaders ?? {};
      await expectSuccess(opening(scenario, cookie));
      await client.signOut();
      await expectRefusal(opening(scenario, cookie));
      // The server sets a cookie at a sign-in alone, so this answer must not open a session.
      const again = await fetch(`${scenario.app.url}/auth/logout`, { method: 'POST', headers: { cookie } });
      expectNone('new cookies', again.headers.getSetCookie().length);
    },
  }),
  audit(
    'idle-parity',
    'MUST end an idle session alike whether its transport sends heartbeats or not: they are no activity',
    {
      source: 'ASVS 7.3.1',
      notFor: withoutCookies,
      inside: async ({ start }) => {
        const scenario = await start(shortLived);
        const presented = (await scenario.signedIn(await scenario.user())).connectOptions();
        const beating = await scenario.raw(presented);
        beating.send(connectFrame('/chat', presented.auth));
        await expectJoined(beating);
        for (let beat = 0; beat < 4; beat++) {
          scenario.clock.advance(shortLived.lifetimes.sessionIdle / 3);
          beating.send('3');
          await scenario.roundTrip();
        }
        await expectClosed(beating);
      },
    },
  ),
  audit('resurrection', 'MUST keep a session ended though a connection of it goes on talking', {
    source: 'ASVS 7.4.1',
    notFor: withoutCookies,
    inside: async ({ start }) => {
      const scenario = await start();
      const client = await scenario.signedIn(await scenario.user());
      const { cookie = '' } = client.connectOptions().extraHeaders ?? {};
      const socket = await scenario.connectAsThief(client);
      await say(socket);
      const said = Array.from({ length: 20 }, () => refusalOf(say(socket)));
      await client.signOut();
      await Promise.all(said);
      await refusalOf(say(socket));
      await expectRefusal(opening(scenario, cookie));
    },
  }),
  audit('lost-update', 'MUST keep a lost role lost though a connection of the session goes on talking', {
    source: 'ASVS 8.3.2',
    notFor: withoutCookies,
    inside: async ({ start }) => {
      const scenario = await start();
      const user = await scenario.user(['moderator']);
      const client = await scenario.signedIn(user);
      const socket = await scenario.connectAsThief(client);
      await say(socket);
      const said = Array.from({ length: 20 }, () => refusalOf(say(socket)));
      scenario.app.directory.setRoles(user.subject, []);
      await Promise.all(said);
      const id = crypto.randomUUID();
      const later = scenario.connectAsThief(client).then((again) => again.request('deleteMessage', { id }));
      await expectRefusal(later);
    },
  }),
]);
