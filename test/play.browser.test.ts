import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { seeded } from '../harness/app/random.ts';
import { ShownClaims } from '../play/claims/shown-claims.ts';
import type { PlayEntry } from '../play/lanes/entries.ts';
import { sides } from '../play/model/facts.ts';
import { isOpen } from '../play/model/track.ts';
import { loadScenarios } from '../play/stage/scenario.ts';
import { resultsOf } from '../play/web/about.ts';
import { readClaims } from '../claims/record.ts';
import { roundsOf, seed } from './fuzz/rounds.ts';
import { chromiumPath, openBrowser } from './support/browser.ts';
import { playEntries, PlayServer, seenBy, Stage } from './support/compiled.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const executablePath = chromiumPath();
const why = executablePath === undefined ? ' (skipped: no Chromium; set CHROMIUM_PATH, or install chromium)' : '';
/** How long what is real may take on a machine that is busy, in ms. */
const PATIENCE = 60_000;
/** How long after the last button an expiry is visible at the latest, in ms. */
const EXPIRY_SHOWS = 3000;
/** How long the start of all servers at once may take there, in ms. */
const RESTARTS = 240_000;
const results = readFileSync(`${root}RESULTS.md`, 'utf8');

/** A button that ends the access, the clients that are there, and the promises of the audit that say what has to happen. */
const ends = [
  { act: 'expire', client: 'thief', column: 'At expiry', promises: ['expiry-inbound', 'expiry-outbound'] },
  { act: 'sign-out', client: 'tab', column: 'After sign-out', promises: ['post-revocation-delivery', 'logout-this'] },
  { act: 'sign-out-everywhere', client: 'device', column: 'After sign-out', promises: ['logout-everywhere'] },
  { act: 'ban', client: 'device', column: 'After a ban', promises: ['ban'] },
  { act: 'lost-role', client: 'device', column: 'After a lost role', promises: ['stale-roles'] },
] as const;
type End = (typeof ends)[number];
type OpenStage = Awaited<ReturnType<typeof Stage.open>>;

/** A strategy declares what it does not keep; of a peer, the published run tells. */
function isServedAfter(entry: PlayEntry, { column, promises }: End): boolean {
  if (entry.variant !== null) return promises.some((id) => id in entry.deviations);
  const row = resultsOf(results, entry).find(([name]) => name === column);
  return row![1].includes('goes on');
}

/** In which strategies' lanes somebody was served, or is still connected, against a promise that the strategy keeps. */
function broken({ entries, states }: Pick<OpenStage, 'entries' | 'states'>): string[] {
  return entries.flatMap(({ key, variant, deviations }, index) => {
    if (variant === null) return [];
    const keeps = (after: string): boolean => {
      const end = ends.find(({ act }) => act === (after === 'expiry' ? 'expire' : after));
      return end !== undefined && !end.promises.some((id) => id in deviations);
    };
    return states[index]!.clients.flatMap((client) => {
      const { who, servedAfter, ended } = client;
      if (servedAfter !== null && keeps(servedAfter)) return [`${key}: ${who} was served after ${servedAfter}`];
      const connected = ended !== null && keeps(ended.why) && sides.some((side) => isOpen(client[side]));
      return connected ? [`${key}: ${who} is connected after ${ended.why}`] : [];
    });
  });
}

describe.skipIf(executablePath === undefined)(`the live page in a browser${why}`, { timeout: 180_000 }, () => {
  let stage: OpenStage;
  let server: Awaited<ReturnType<typeof PlayServer.listen>>;
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    stage = await Stage.open({ entries: await playEntries(), ttl: 60_000, connects: false });
    const scenarios = loadScenarios(root);
    const record = readClaims(`${root}results/full/claims.json`);
    const claims = new ShownClaims(record, 'results/full/report.html', seenBy);
    server = await PlayServer.listen({ stage, scenarios, claims, root, host: '127.0.0.1', port: 0 });
    browser = await openBrowser(executablePath!);
    page = await browser.context.newPage();
    page.setDefaultTimeout(PATIENCE);
    // Then the page draws once a second, which leaves the processor to the servers.
    await page.emulateMedia({ reducedMotion: 'reduce' });
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`${server.url}/?scenario=ban`);
    await stage.ready;
  }, 180_000);

  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await server?.close();
    await stage?.close();
  });

  beforeEach(() => {
    complaints.length = 0;
  });

  const press = async (act: string): Promise<void> => {
    const answered = page.waitForResponse((response) => response.url().endsWith(`/act/${act}`), { timeout: RESTARTS });
    await page.locator(`[data-act="${act}"]`).click();
    expect((await answered).status()).toBe(204);
  };
  /** The lanes, by whether the page says that somebody was served who should not be. */
  const leaks = (): Promise<Record<string, boolean>> =>
    page.evaluate(
      `Object.fromEntries([...document.querySelectorAll('.lane')].map((lane) => [lane.dataset.key, lane.dataset.tone === 'bad']))`,
    );
  /** All connections of all clients have been open and used. */
  const live = (): boolean =>
    stage.states.every(({ clients }) =>
      clients.every(({ sends, receives }) =>
        [sends, receives].every((track) => isOpen(track) && track.servedAt !== null),
      ),
    );

  it.each(ends)('$act: each lane shows what the audit found', async (end) => {
    await press('reset');
    await press(end.client);
    await expect.poll(live, { timeout: PATIENCE }).toBe(true);
    await press(end.act);
    const expected = Object.fromEntries(stage.entries.map((entry) => [entry.key, isServedAfter(entry, end)]));
    await expect.poll(leaks, { timeout: PATIENCE, interval: 200 }).toMatchObject(
      Object.fromEntries(Object.entries(expected).filter(([, served]) => served)),
    ); // prettier-ignore
    expect(await leaks()).toEqual(expected);
    expect(complaints).toEqual([]);
  });

  it.each([
    [1280, 'light'],
    [390, 'dark'],
  ] as const)('has nothing that axe finds fault with at %i px, %s, with a lane open', async (width, colorScheme) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: 844 });
    const name = page.locator('.lane h2 button').nth(4);
    if ((await name.getAttribute('aria-expanded')) === 'false') await name.click();
    await page.getByText('"exp"').waitFor();
    const findings = await page.evaluate(
      `${axe.source}; axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes[0].html))`,
    );
    expect(findings).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
  });

  it('opens at the scenario of its address, by keyboard alone, and tells what happens', async () => {
    expect(await page.locator('select').inputValue()).toBe('ban');
    await expect.poll(() => page.locator('svg.axis').textContent()).toMatch(/^now\d+ s ago/);
    await page.locator('[data-act="connect"]').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('status').getByText('Connect').waitFor();
  });

  it('shows no token, password or signature in the page, the stream or an opened lane', async () => {
    const [{ key } = { key: '' }] = stage.entries;
    const texts = await page.evaluate<string>(
      `Promise.all(['/', '/lane/${key}', '/lane/${key}/about'].map((path) => fetch(path).then((it) => it.text()))).then((all) => all.join())`,
    );
    expect(texts + JSON.stringify(stage.states)).not.toMatch(/eyJ[\w-]+\.|[\w-]{43}/);
    expect(await page.evaluate('document.documentElement.outerHTML')).not.toMatch(/eyJ[\w-]+\./);
  });

  it('tries a claim of the article in a process of its own, which ends, and this page goes on', async () => {
    const claim = page.locator('[data-claim="exception-in-connection"]');
    expect(await claim.locator('.outcome').textContent()).toBe('refuted');
    await claim.getByRole('button').click();
    await claim.getByText('Here, now: refuted').waitFor({ timeout: 120_000 });
    expect(await claim.locator('.tried').textContent()).toContain('ends sync: yes');
    const link = await claim.getByRole('link').getAttribute('href');
    const evidence = await page.evaluate<string>(`fetch('${link}').then((answer) => answer.text())`);
    expect(evidence).toContain(`id="${link!.split('#')[1]}"`);
    await press('send');
    expect(complaints).toEqual([]);
  });

  it('counts in an opened lane what its gateways and clients did', async () => {
    await press('reset');
    await press('sign-out');
    const [entry] = stage.entries.filter(({ key }) => key === 'connection-lease-hardened');
    const shown = page.locator(`[data-key="${entry!.key}"]`);
    if ((await shown.locator('h2 button').getAttribute('aria-expanded')) === 'false')
      await shown.locator('h2 button').click();
    await expect
      .poll(() => shown.locator('.metrics pre').textContent(), { timeout: PATIENCE })
      .toMatch(/cut: .*\d+ revoked.*\nClient you: \d+ messages answered/);
    await shown
      .getByText(/connection-lease\.authenticator\.ts, lines \d+ to \d+/)
      .first()
      .waitFor();
  });

  it(
    'leaves every lane in the state that its strategy promises, after any sequence of buttons',
    {
      timeout: roundsOf(180_000, 7_200_000),
    },
    async () => {
      const acts = ['connect', 'send', 'tab', 'device', 'thief', 'expire', 'sign-out', 'sign-out-everywhere', 'ban', 'lost-role', 'cut']; // prettier-ignore
      const all = process.env['SOAK'] === undefined ? acts : [...acts, 'restart'];
      const random = seeded(seed);
      // The page was once wrong about these.
      const known = [
        ['cut', 'thief', 'thief', 'expire'],
        ['cut', 'tab', 'connect', 'send', 'sign-out'],
        ['thief', 'expire', 'expire', 'send'],
      ];
      const drawn = Array.from({ length: roundsOf(1, 200) }, () =>
        Array.from({ length: 5 }, () => all[Math.floor(random() * all.length)]!),
      );
      for (const [index, sequence] of [...known, ...drawn].entries()) {
        await press('reset');
        for (const act of sequence) await press(act);
        const pressed = stage.now();
        const shows = sequence.includes('expire') ? EXPIRY_SHOWS : 0;
        await expect.poll(() => stage.now() - pressed, { timeout: PATIENCE }).toBeGreaterThanOrEqual(shows);
        await expect
          .poll(() => ({ sequence, broken: broken(stage) }), { timeout: PATIENCE })
          .toEqual({ sequence, broken: [] });
        expect(stage.states.map((lane) => lane.server)).toEqual(stage.entries.map(() => 'up'));
        expect(complaints).toEqual([]);
        if (index % 20 === 19) process.stderr.write(`${index + 1} sequences, none wrong\n`);
      }
      await press('reset');
      await expect.poll(live, { timeout: PATIENCE }).toBe(true);
    },
  );
});
