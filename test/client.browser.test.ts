import { setTimeout as pass } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import connectionLease from '../strategies/connection-lease/index.ts';
import { systemClock } from '../strategies/shared/clock.ts';
import { defaultLifetimes } from '../strategies/shared/lifetimes.ts';
import { chromiumPath, openBrowser, stopScripts } from './support/browser.ts';
import { closeNow, type InPage, servePage, type ServedPage } from './support/client-page.ts';

const executablePath = chromiumPath();
const why = executablePath === undefined ? ' (skipped: no Chromium; set CHROMIUM_PATH, or install chromium)' : '';

it.runIf(process.env['CI'])('CI has a Chromium to try the client in', () => {
  expect(executablePath).toBeDefined();
});

describe.skipIf(executablePath === undefined)(`the client in a browser${why}`, { timeout: 60_000 }, () => {
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  let served: ServedPage;
  const opened: Page[] = [];
  let user: { username: string; password: string };

  beforeAll(async () => {
    browser = await openBrowser(executablePath!);
  }, 60_000);
  afterAll(() => browser[Symbol.asyncDispose]());

  beforeEach(async () => {
    served = await servePage(connectionLease);
    user = await served.app.addUser('ann');
    onTestFinished(async () => {
      await Promise.all(opened.splice(0).map((page) => page.close()));
      await browser.context.clearCookies();
      await closeNow(served);
    });
  });

  /** Opens a tab, whose client is in `window.client`. */
  async function openTab(): Promise<Page> {
    const page = await browser.context.newPage();
    opened.push(page);
    await page.goto(`${served.url}/page`);
    await page.waitForFunction(() => 'kit' in globalThis);
    await makeClient(page);
    return page;
  }

  const makeClient = (page: Page) =>
    page.evaluate(() => {
      const window = globalThis as unknown as InPage;
      window.client = window.kit.createClient({ url: window.location.origin, storage: window.localStorage });
    });

  const signIn = (page: Page) =>
    page.evaluate(
      ({ username, password }) => (globalThis as unknown as InPage).client.signIn(username, password),
      user,
    );

  const connect = (page: Page) =>
    page.evaluate(async () => {
      const window = globalThis as unknown as InPage;
      window.socket = await window.kit.AuthSocket.connect(window.client, '/chat');
    });

  /** The user that the server takes the tab for, or the code of a refusal. */
  const ask = (page: Page) =>
    page.evaluate(async () => {
      const { socket } = globalThis as unknown as InPage;
      try {
        return ((await socket.request('whoIsHere', {}, { retry: true })) as { you: string }).you;
      } catch (error) {
        return (error as { code?: string }).code;
      }
    });

  const stateOf = (page: Page) => page.evaluate(() => (globalThis as unknown as InPage).socket.state.name);

  /**
   * How often a tab presented a token that the other one had replaced. A busy machine may show a tab an old value of localStorage,
   * and the server answers such a token with the same pair. Without the lock, every round would repeat one.
   */
  const repeated = (): number => served.presented.length - new Set(served.presented).size;

  async function signedInTabs(): Promise<[Page, Page]> {
    const first = await openTab();
    await signIn(first);
    const second = await openTab();
    await Promise.all([connect(first), connect(second)]);
    return [first, second];
  }

  it('renews once for two tabs that ask ten times at once, ten times over', async () => {
    const tabs = await signedInTabs();
    const renewTenTimes = (page: Page) =>
      page.evaluate(async () => {
        const { client } = globalThis as unknown as InPage;
        const renewed = await Promise.all(Array.from({ length: 10 }, () => client.renew()));
        return renewed.every(Boolean);
      });
    for (let rounds = 1; rounds <= 10; rounds++) {
      expect(await Promise.all(tabs.map(renewTenTimes))).toEqual([true, true]);
    }
    // A tab that asks after the other one has renewed takes what came of it, so a round has one rotation or two.
    expect(served.presented.length).toBeLessThanOrEqual(20);
    expect(repeated()).toBeLessThan(5);
    expect(served.reused).toEqual([]);
    expect(await Promise.all(tabs.map(ask))).toEqual(['ann', 'ann']);
  });

  it('keeps both tabs connected over ten renewals that the server asks for', async () => {
    const tabs = await signedInTabs();
    for (let rounds = 1; rounds <= 10; rounds++) {
      served.clock.advance(defaultLifetimes.accessToken * (7 / 8) + 1000);
      const renewals = () =>
        Promise.all(
          tabs.map((page) => page.evaluate(() => (globalThis as unknown as InPage).socket.counters.renewals)),
        );
      await expect
        .poll(async () => Math.min(...(await renewals())), { timeout: 10_000 })
        .toBeGreaterThanOrEqual(rounds);
      expect(await Promise.all(tabs.map(ask))).toEqual(['ann', 'ann']);
    }
    expect(repeated()).toBeLessThan(5);
    expect(served.reused).toEqual([]);
  });

  it.each([
    ['', 0],
    [', though its access token has expired meanwhile', defaultLifetimes.accessToken + 1000],
  ])('is signed in after a reload%s', async (_, passed) => {
    const page = await openTab();
    await signIn(page);
    await connect(page);
    served.clock.advance(passed);
    await page.reload();
    await page.waitForFunction(() => 'kit' in globalThis);
    await makeClient(page);
    await connect(page);
    expect(await ask(page)).toBe('ann');
    expect(served.reused).toEqual([]);
  });

  it.each([
    ['25 s', 25_000],
    ['longer than its lease', defaultLifetimes.accessToken + 5000],
  ])('comes back after it was offline for %s', async (_, passed) => {
    const tabs = await signedInTabs();
    await browser.context.setOffline(true);
    for (const page of tabs) await expect.poll(() => stateOf(page)).not.toBe('open');
    served.clock.advance(passed);
    await browser.context.setOffline(false);
    for (const page of tabs) await expect.poll(() => ask(page), { timeout: 20_000 }).toBe('ann');
    expect(served.reused).toEqual([]);
  });

  it.each([
    ['45 s', 45_000],
    ['longer than its lease', defaultLifetimes.accessToken + 5000],
  ])('comes back after it was stopped for %s', async (_, passed) => {
    const [page, other] = await signedInTabs();
    const goOn = await stopScripts(page);
    served.clock.advance(passed);
    expect(await ask(other)).toBe('ann');
    await goOn();
    await expect.poll(() => ask(page), { timeout: 20_000 }).toBe('ann');
    expect(served.reused).toEqual([]);
  });

  // In real time, which the browser's own timers follow too. The lease ends while the page is away.
  it.runIf(process.env['SOAK'])(
    'stays signed in when it is really offline for 25 s, and really stopped for 45 s',
    { timeout: 240_000 },
    async () => {
      await closeNow(served);
      const lifetimes = { accessToken: 20_000 };
      served = await servePage(connectionLease, { clock: systemClock, lifetimes });
      user = await served.app.addUser('ann');
      const [page, other] = await signedInTabs();
      await browser.context.setOffline(true);
      await pass(25_000);
      await browser.context.setOffline(false);
      for (const tab of [page, other]) await expect.poll(() => ask(tab), { timeout: 20_000 }).toBe('ann');
      const goOn = await stopScripts(page);
      await pass(45_000);
      expect(await ask(other)).toBe('ann');
      await goOn();
      for (const tab of [page, other]) await expect.poll(() => ask(tab), { timeout: 20_000 }).toBe('ann');
      expect(served.reused).toEqual([]);
    },
  );

  it('ends every tab at the sign-out of one', async () => {
    const [page, other] = await signedInTabs();
    await page.evaluate(() => (globalThis as unknown as InPage).client.signOut());
    const ended = other.evaluate(() => (globalThis as unknown as InPage).socket.ended);
    expect(await ended).toBe('revoked');
    expect(await other.evaluate(() => (globalThis as unknown as InPage).client.expiresAt)).toBeUndefined();
    expect(await other.evaluate(() => (globalThis as unknown as InPage).localStorage.length)).toBe(0);
  });

  it('holds no token in a page with the cookie client, which a reload leaves signed in', async () => {
    const page = await openTab();
    const makeCookieClient = () =>
      page.evaluate(() => {
        const window = globalThis as unknown as InPage;
        window.client = window.kit.createCookieClient({ url: window.location.origin });
      });
    await makeCookieClient();
    await signIn(page);
    await connect(page);
    await page.evaluate(() => (globalThis as unknown as InPage).socket.renew());
    expect(await ask(page)).toBe('ann');
    await page.reload();
    await page.waitForFunction(() => 'kit' in globalThis);
    await makeCookieClient();
    await connect(page);
    expect(await ask(page)).toBe('ann');
    expect(await page.evaluate(() => (globalThis as unknown as InPage).localStorage.length)).toBe(0);
    expect(served.reused).toEqual([]);
  });

  it('tells a server that refuses the page from one that cannot be reached', async () => {
    const elsewhere = await servePage(connectionLease);
    const page = await openTab();
    const codesAt = (url: string) =>
      page.evaluate(async (server) => {
        const { kit } = globalThis as unknown as InPage;
        const client = kit.createClient({ url: server });
        const code = (action: Promise<unknown>) => action.catch((error: { code?: string }) => error.code);
        return Promise.all([code(client.signIn('ann', 'any')), code(kit.AuthSocket.connect(client, `${server}/chat`))]);
      }, url);
    expect(await codesAt(elsewhere.url)).toEqual(['origin-or-cors-refused', 'origin-or-cors-refused']);
    await closeNow(elsewhere);
    expect(await codesAt(elsewhere.url)).toEqual(['server-unreachable', 'server-unreachable']);
  });
});
