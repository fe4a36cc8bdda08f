import type { AddressInfo } from 'node:net';
import { type CallHandler, Controller, type ExecutionContext, Get, Req } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import type { Request } from 'express';
import { finalize } from 'rxjs';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { ManualClock } from '../../harness/app/manual-clock.ts';
import { storeKinds } from '../../test/support/stores.ts';
import { wiringOf } from '../../test/support/wiring.ts';
import { MemoryDirectory } from '../shared/accounts/directory.ts';
import { StoreError } from '../shared/errors.ts';
import { post } from '../shared/client/http-client.ts';
import { defaultLifetimes } from '../shared/lifetimes.ts';
import { defaultSignInLimits } from '../shared/contract/sign-in-limits.ts';
import { memoryStores } from '../shared/stores/memory/index.ts';
import { type Stores } from '../strategy.ts';
import { SessionModule } from './session.module.ts';

const MINUTE = 60_000;

@Controller()
class WhoController {
  @Get('who')
  who(@Req() request: Request): string {
    return request.session.user?.subject ?? 'nobody';
  }
}

afterEach(() => vi.restoreAllMocks());

describe('over HTTP, hardened', () => {
  /** A server with a route of its own, and a user's two sessions. */
  async function twoSessions(stores?: Stores, clock = new ManualClock(), own = {}) {
    const directory = new MemoryDirectory(async (password) => Buffer.from(password.padEnd(32).slice(0, 32)));
    const { subject } = await directory.add({ username: 'ann', password: 'a password' });
    const secret = 'a secret of the test, long enough';
    const lifetimes = { ...defaultLifetimes, absolute: MINUTE, ...own };
    const options = {
      variant: 'hardened',
      secret,
      directory,
      clock,
      lifetimes,
      stores: stores ?? memoryStores(clock),
      report: () => {},
      limits: defaultSignInLimits,
      addressOf: () => '192.0.2.1',
    } as const;
    /** What `request.secure` is for the application's own code, once a handler has run and once its answer is written. */
    const secure: boolean[] = [];
    const intercept = (context: ExecutionContext, next: CallHandler) => {
      const request = context.switchToHttp().getRequest<Request>();
      const look = () => void secure.push(request.secure);
      request.res!.once('finish', look);
      return next.handle().pipe(finalize(look));
    };
    const module = Test.createTestingModule({
      imports: [SessionModule.with(wiringOf(options))],
      controllers: [WhoController],
      providers: [{ provide: APP_INTERCEPTOR, useValue: { intercept } }],
    });
    const app = (await module.compile()).createNestApplication({ logger: false });
    await app.listen(0, '127.0.0.1');
    onTestFinished(() => app.close());
    const url = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
    const endpoint = (name: string, body: object, cookie = '') => post(`${url}/auth/${name}`, body, { cookie });
    const login = async () => {
      const response = await endpoint('login', { username: 'ann', password: 'a password' });
      return response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    };
    const who = async (cookie: string) => (await fetch(`${url}/who`, { headers: { cookie } })).text();
    const cookies = [await login(), await login()] as const;
    clock.advance(1);
    for (const cookie of cookies) expect(await who(cookie)).toBe(subject);
    return { clock, directory, subject, cookies, endpoint, who, url, secure };
  }

  it('signing out everywhere ends every session of the user', async () => {
    const { cookies, endpoint, who } = await twoSessions();
    await endpoint('logout', { everywhere: true }, cookies[0]);
    expect(await Promise.all(cookies.map(who))).toEqual(['nobody', 'nobody']);
  });

  it.each(['ban', 'absolute end'])('a session serves nothing past its %s', async (end) => {
    const { cookies, clock, directory, subject, who } = await twoSessions();
    if (end === 'ban') directory.setBanned(subject, true);
    else clock.advance(MINUTE);
    expect(await who(cookies[0])).toBe('nobody');
  });

  it('a sign-in whose session cannot be stored is refused, and sets no cookie', async () => {
    const stores = memoryStores(new ManualClock());
    const { url } = await twoSessions(stores);
    vi.spyOn(stores.sessions, 'set').mockImplementation((_id, _session, done) => done?.(new StoreError('away')));
    const body = JSON.stringify({ username: 'ann', password: 'a password' });
    const headers = { 'content-type': 'application/json' };
    const refused = await fetch(`${url}/auth/login`, { method: 'POST', headers, body });
    expect([refused.status, refused.headers.get('set-cookie')]).toEqual([503, null]);
  });

  it('a request is answered once, though its session cannot be touched afterwards', async () => {
    const stores = memoryStores(new ManualClock());
    const { cookies, subject, who } = await twoSessions(stores);
    const touch = vi.fn<(...given: [string, object, (error: Error) => void]) => void>((_id, _session, done) =>
      done(new StoreError('away')),
    );
    Object.assign(stores.sessions, { touch });
    expect(await who(cookies[0])).toBe(subject);
    expect(touch).toHaveBeenCalled();
    // express-session would report the failed touch in a later turn of the event loop.
    await new Promise((resolve) => setImmediate(resolve));
    expect(await who(cookies[0])).toBe(subject);
  });

  describe.each(storeKinds)('sessions in %s', (_, open) => {
    it.each([-10, 10])('live and end by the shared clock, though this process is %i h off', async (hours) => {
      const real = Date.now.bind(Date);
      const clock = new ManualClock();
      const { close, ...stores } = await open(clock);
      onTestFinished(close);
      vi.spyOn(Date, 'now').mockImplementation(() => real() + hours * 60 * MINUTE);
      const { cookies, subject, who } = await twoSessions(stores, clock);
      const [cookie] = cookies;
      // The absolute end is a minute away, and requests are activity until then.
      for (let half = 0; half < 3; half++) {
        clock.advance(15_000);
        expect(await who(cookie)).toBe(subject);
      }
      clock.advance(15_000);
      expect(await who(cookie)).toBe('nobody');
    });

    it('end after the idle time by that clock, and a request moves their end', async () => {
      const clock = new ManualClock();
      const { close, ...stores } = await open(clock);
      onTestFinished(close);
      const { cookies, subject, who } = await twoSessions(stores, clock, { sessionIdle: 10_000 });
      for (let tenth = 0; tenth < 4; tenth++) {
        clock.advance(8000);
        expect(await who(cookies[0])).toBe(subject);
      }
      expect(await who(cookies[1])).toBe('nobody');
      clock.advance(10_000);
      expect(await who(cookies[0])).toBe('nobody');
    });
  });

  it('the Origin of a page gets it a secure cookie, and makes the request secure for nobody else', async () => {
    const { url, secure } = await twoSessions();
    const origin = url.replace('http', 'https');
    const response = await post(`${url}/auth/login`, { username: 'ann', password: 'a password' }, { origin });
    expect(response.headers.getSetCookie()[0]).toMatch(/^__Host-sid=.*; Secure/);
    expect(secure.length).toBeGreaterThan(0);
    expect(secure.filter(Boolean)).toEqual([]);
  });

  it('a sign-in is taken as JSON alone: a form of another site can post anything else', async () => {
    const { url } = await twoSessions();
    const body = new URLSearchParams({ username: 'ann', password: 'a password' });
    const response = await fetch(`${url}/auth/login`, { method: 'POST', body });
    expect(response.status).toBe(415);
    expect(await response.json()).toMatchObject({ code: 'bad-message' });
    expect(response.headers.getSetCookie()).toEqual([]);
  });
});
