import axe from 'axe-core';
import type { Page, WebSocket } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { chromiumPath, openBrowser } from './support/browser.ts';
import { buildReactApp, type Mode, type ReactApp } from './support/react-app.ts';

const executablePath = chromiumPath();
const why = executablePath === undefined ? ' (skipped: no Chromium; set CHROMIUM_PATH, or install chromium)' : '';
const OFFLINE = /net::ERR_INTERNET_DISCONNECTED/;
/** A client reconnects at once, and may come while the process of the server ends. */
const SERVER_ENDED =
  /net::ERR_(?:CONNECTION_(?:REFUSED|RESET|CLOSED)|EMPTY_RESPONSE)|closed before receiving a handshake response/;

const looks = [
  { width: 1280, height: 800, colorScheme: 'light' },
  { width: 390, height: 844, colorScheme: 'dark' },
] as const;

it.runIf(process.env['CI'])('CI has a Chromium to try the React example in', () => {
  expect(executablePath).toBeDefined();
});

describe.skipIf(executablePath === undefined)(`the React example${why}`, { timeout: 60_000 }, () => {
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  let built: ReactApp;

  beforeAll(async () => {
    [browser, built] = await Promise.all([openBrowser(executablePath!), buildReactApp()]);
  }, 120_000);
  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    built.dispose();
  });

  /** A page and a server of its own. Errors in the console fail the test, except those that match `expected`. */
  async function opened({
    mode,
    env,
    expected,
  }: { mode?: Mode; env?: Record<string, string>; expected?: RegExp } = {}) {
    const files = await built.servePage(mode);
    const server = await built.startServer(files.origin, env);
    const pages: Page[] = [];
    const complaints: string[] = [];
    const transports: WebSocket[] = [];
    onTestFinished(async () => {
      await Promise.all(pages.map((page) => page.close()));
      await server[Symbol.asyncDispose]();
      await files[Symbol.asyncDispose]();
      expect(complaints).toEqual([]);
    });
    const complain = (text: string) => {
      if (!expected?.test(text)) complaints.push(text);
    };
    const openTab = async (): Promise<Page> => {
      const page = await browser.context.newPage();
      pages.push(page);
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) complain(message.text());
      });
      page.on('pageerror', (error) => complain(error.message));
      page.on('websocket', (transport) => transports.push(transport));
      await page.goto(files.origin);
      return page;
    };
    return { server, openTab, transports, origin: files.origin };
  }

  /** The state of the connection in words, once it contains `text`. */
  const status = (page: Page, text: string) => page.getByRole('status').filter({ hasText: text }).innerText();
  const form = (page: Page) => page.getByRole('button', { name: 'Sign in' });

  async function signIn(page: Page, password = 'correct horse'): Promise<void> {
    await page.getByLabel('Name').fill('ann');
    await page.getByLabel('Password').fill(password);
    await form(page).click();
  }

  /** A message as the page shows it, once it does. */
  const heard = (page: Page, text: string) => page.getByRole('listitem').filter({ hasText: text }).innerText();

  /** Sends a message, and returns the answer as the page shows it. */
  async function say(page: Page, text: string): Promise<string> {
    await page.getByLabel('Message', { exact: true }).fill(text);
    await page.getByRole('button', { name: 'Send' }).click();
    return heard(page, text);
  }

  it.each(['production', 'development'] as const)(
    'signs in, gets answers on its only connection, and is signed in after a reload, as built for %s',
    async (mode) => {
      const { openTab, transports } = await opened({ mode });
      const page = await openTab();
      await status(page, 'You are not signed in.');
      expect(transports).toEqual([]);
      await signIn(page);
      await status(page, 'Connected.');
      expect(await say(page, 'hello')).toBe('ann hello');
      await page.reload();
      await status(page, 'Connected.');
      expect(await say(page, 'still here')).toBe('ann still here');
      // One before the reload, and one after it.
      expect(transports).toHaveLength(2);
    },
  );

  it('says that the password is wrong, and keeps the name', async () => {
    const { openTab } = await opened({ expected: /401 \(Unauthorized\)/ });
    const page = await openTab();
    await signIn(page, 'wrong');
    await page.getByRole('alert').filter({ hasText: 'Wrong name or password.' }).waitFor();
    expect(await page.getByLabel('Name').inputValue()).toBe('ann');
    await signIn(page);
    await status(page, 'Connected.');
  });

  it('renews on the open connection', async () => {
    const { openTab, transports } = await opened({ env: { TOKEN_SECONDS: '4' } });
    const page = await openTab();
    await signIn(page);
    await status(page, 'Connected.');
    const tokens = () => page.evaluate<string>('Object.values(localStorage).join()');
    const before = await tokens();
    await transports[0]!.waitForEvent('framesent', ({ payload }) => payload.includes('auth:renew'));
    await expect.poll(tokens).not.toBe(before);
    await status(page, 'Connected.');
    expect(await say(page, 'still here')).toBe('ann still here');
    expect(transports).toHaveLength(1);
  });

  it('shares one sign-in between two tabs, which are signed out together', async () => {
    const { openTab } = await opened();
    const first = await openTab();
    await signIn(first);
    await status(first, 'Connected.');
    const second = await openTab();
    await status(second, 'Connected.');
    await say(first, 'to the other tab');
    expect(await heard(second, 'to the other tab')).toBe('ann to the other tab');
    await first.getByRole('button', { name: 'Sign out' }).click();
    await status(first, 'You are not signed in.');
    await status(second, 'You are signed out.');
    await Promise.all([first, second].map((page) => form(page).waitFor()));
    expect(await first.evaluate<number>('localStorage.length')).toBe(0);
  });

  it('says that it is offline, and comes back', async () => {
    const { openTab } = await opened({ expected: OFFLINE });
    const page = await openTab();
    await signIn(page);
    await status(page, 'Connected.');
    await browser.context.setOffline(true);
    await status(page, 'Connection lost.');
    await browser.context.setOffline(false);
    await status(page, 'Connected.');
    expect(await say(page, 'back again')).toBe('ann back again');
  });

  it('says that the server cannot be reached, and tries again when asked', async () => {
    const { openTab, server, origin } = await opened({ expected: SERVER_ENDED });
    const page = await openTab();
    await signIn(page);
    await status(page, 'Connected.');
    await server[Symbol.asyncDispose]();
    await status(page, 'Connection lost.');
    await page.reload();
    await status(page, 'The server could not be reached.');
    const restarted = await built.startServer(origin);
    onTestFinished(() => restarted[Symbol.asyncDispose]());
    await page.getByRole('button', { name: 'Try again' }).click();
    // The new server has another secret, so it does not know the sign-in of the old one.
    await status(page, 'Your sign-in has expired. Please sign in again.');
    await signIn(page);
    expect(await status(page, 'Connected')).toBe('Connected.');
  });

  it('ends when the user is banned, and says so, also after a reload', async () => {
    const { openTab, server } = await opened();
    const page = await openTab();
    await signIn(page);
    await status(page, 'Connected.');
    await server.ban('ann');
    await status(page, 'The account is banned.');
    await form(page).waitFor();
    await page.reload();
    expect(await status(page, 'banned')).toBe('The account is banned.');
  });

  it('has nothing that axe finds fault with, and fits into 390 px', async () => {
    const { openTab, server } = await opened();
    const page = await openTab();
    const look = async () => {
      for (const { colorScheme, ...size } of looks) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize(size);
        const findings = await page.evaluate<string[]>(
          `${axe.source}; axe.run().then(({ violations }) => violations.map(({ id }) => id))`,
        );
        const beyond = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
        expect({ size, colorScheme, findings, beyond }).toEqual({ size, colorScheme, findings: [], beyond: 0 });
      }
    };
    await look();
    await signIn(page);
    await status(page, 'Connected.');
    expect(await say(page, 'hello')).toBe('ann hello');
    await say(page, 'a'.repeat(100));
    await look();
    await server.ban('ann');
    await status(page, 'The account is banned.');
    await look();
  });
});
