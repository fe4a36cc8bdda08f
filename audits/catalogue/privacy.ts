import type { LoggerService } from '@nestjs/common';
import { expect } from 'expect';
import { connectFrame } from '../../harness/app/raw-transport.ts';
import { passive, refusalOf, say } from '../../harness/app/scenario.ts';
import { Authenticator, type SecurityEvent } from '../../strategies/strategy.ts';
import { expectNone, expectRefusal } from '../checks/expectations.ts';
import { audit, topic, withoutRefreshTokens } from '../engine/audit.ts';
import { BrokenPromise } from '../broken-promise.ts';

const CANARY = 'canary-7f3a91';

/** Keeps whatever Nest and the application log, at every level. */
function listening(): { readonly logger: LoggerService; readonly lines: string[] } {
  const lines: string[] = [];
  const keep = (...said: unknown[]): void =>
    void lines.push(said.map((one) => (one instanceof Error ? `${one.stack}` : JSON.stringify(one))).join(' '));
  return { lines, logger: { log: keep, error: keep, warn: keep, debug: keep, verbose: keep, fatal: keep } };
}

/** Posts a body, and returns the whole answer as text: status, headers and body. */
async function answerTo(url: string, body: object | string, headers: Record<string, string> = {}): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return `${JSON.stringify([...response.headers])}${await response.text()}`;
}

export default topic('Privacy', [
  audit('secret-leak-sweep', 'MUST repeat no credential in a log, an error or an answer, whichever way it came', {
    source: 'ASVS 16.2.5',
    inside: async ({ strategy, start }) => {
      const { logger, lines } = listening();
      const scenario = await start({ logger });
      const { app } = scenario;
      const said: string[] = [];
      for (const endpoint of strategy.httpEndpoints) {
        const url = `${app.url}/auth/${endpoint}?token=${CANARY}`;
        const headers = { authorization: `Bearer ${CANARY}`, cookie: `sid=${CANARY}` };
        const bodies = [
          { username: CANARY, password: CANARY },
          { refreshToken: CANARY, wsToken: CANARY },
          `{"${CANARY}`,
        ];
        for (const body of bodies) said.push(await answerTo(url, body, headers));
      }
      const transport = await scenario.raw({
        extraHeaders: { cookie: `sid=${CANARY}`, authorization: `Bearer ${CANARY}` },
      });
      transport.send(
        connectFrame('/chat', { token: CANARY, wsToken: `${CANARY}.a.b` }),
        connectFrame(`/${CANARY}`, {}),
      );
      await transport.frame(/^44/);
      const socket = await scenario.connect(await scenario.signedIn(await scenario.user()), passive);
      socket.socket.onAny((...event: unknown[]) => void said.push(JSON.stringify(event)));
      for (const event of ['sendMessage', 'auth:renew', 'deleteMessage']) {
        said.push(JSON.stringify(await socket.socket.timeout(2000).emitWithAck(event, { refreshToken: CANARY })));
      }
      const authenticator = app.app.get<Authenticator>(Authenticator, { strict: false });
      authenticator.authenticate = () => {
        throw new Error(`The database at redis://user:${CANARY}@host is away`);
      };
      const presented = scenario.client().connectOptions();
      await expectRefusal(scenario.connectWith(presented), 'unavailable');
      // Socket.IO names the namespace in its answer: that is no credential.
      said.push(...transport.frames.map((frame) => frame.replace(`/${CANARY}`, '')));
      expectNone('lines with a credential', [...lines, ...said].filter((line) => line.includes(CANARY)).length);
      expect(lines.length).toBeGreaterThan(0);
    },
  }),
  audit(
    'security-log',
    'MUST report sign-in, refusal, expiry, kick and a foreign origin: who, when and why, without a secret',
    {
      source: 'ASVS 16.3.1, 16.3.2, 16.3.3',
      inside: async ({ start }) => {
        const events: SecurityEvent[] = [];
        const scenario = await start({ report: (event) => void events.push(event) });
        const user = await scenario.user();
        await refusalOf(scenario.client().signIn(user.username, 'wrong'));
        const client = await scenario.signedIn(user);
        const presented = client.connectOptions();
        const socket = await scenario.connect(client, passive);
        await refusalOf(socket.request('deleteMessage', { id: crypto.randomUUID() }));
        await refusalOf(scenario.connectWith({}));
        const foreign = { ...presented, extraHeaders: { ...presented.extraHeaders, origin: 'https://evil.example' } };
        await refusalOf(scenario.connectWith(foreign));
        scenario.app.directory.setBanned(user.subject, true);
        await refusalOf(say(socket));
        const told = events.map(
          ({ event, code = 'ok', subject }) => `${event} ${code}${subject === undefined ? '' : ' by name'}`,
        );
        const wanted = [
          'sign-in unauthenticated',
          'sign-in ok by name',
          'connect ok by name',
          'message forbidden by name',
          'connect unauthenticated',
          'upgrade origin-refused',
          'cut banned by name',
        ];
        const missing = wanted.filter((line) => !told.includes(line));
        if (missing.length > 0)
          throw new BrokenPromise(`events in the security log: ${missing.join(', ')}`, 'they are missing');
        expectNone('events without a time', events.filter(({ at }) => !Number.isFinite(at)).length);
        const secrets = [user.password, ...Object.values({ ...presented.auth, ...presented.extraHeaders })].map(String);
        const log = JSON.stringify(events);
        expectNone('secrets in the security log', secrets.filter((secret) => log.includes(secret)).length);
      },
    },
  ),
  audit('refresh-reuse-reported', 'MUST report that a refresh token was used again, and by whom it was issued to', {
    source: 'ASVS 16.3.3',
    notFor: withoutRefreshTokens,
    inside: async ({ start }) => {
      const events: SecurityEvent[] = [];
      const scenario = await start({ report: (event) => void events.push(event), lifetimes: { reuseGrace: 0 } });
      const user = await scenario.user();
      const endpoint = (name: string, body: object) => answerTo(`${scenario.app.url}/auth/${name}`, body);
      const body = (answer: string) => JSON.parse(answer.slice(answer.lastIndexOf('{'))) as { refreshToken: string };
      const first = body(await endpoint('login', { username: user.username, password: user.password }));
      await endpoint('refresh', first);
      scenario.clock.advance(1);
      await endpoint('refresh', first);
      expect(events).toContainEqual(
        expect.objectContaining({ event: 'reuse', code: 'token-reused', subject: user.subject }),
      );
    },
  }),
]);
