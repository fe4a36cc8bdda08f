import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { safetyMarkup } from '../audits/report/matrix-html.ts';
import { renderHtml } from '../bench/pages/html/render-html.ts';
import { auditReport } from './support/audit-report.ts';
import { chromiumPath, openBrowser } from './support/browser.ts';
import { reportRun } from './support/report-run.ts';

const executablePath = chromiumPath();
const why = executablePath === undefined ? ' (skipped: no Chromium; set CHROMIUM_PATH, or install chromium)' : '';
const sizes = [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
];
const looks = sizes.flatMap((size) => (['light', 'dark'] as const).map((colorScheme) => ({ ...size, colorScheme })));

it.runIf(process.env['CI'])('CI has a Chromium to look at the report with', () => {
  expect(executablePath).toBeDefined();
});

describe.skipIf(executablePath === undefined)(`the report in a browser${why}`, { timeout: 60_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'report-page-'));
  const url = pathToFileURL(join(folder, 'report.html')).href;
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  let page: Page;
  const complaints: string[] = [];
  const requests: string[] = [];

  beforeAll(async () => {
    writeFileSync(
      join(folder, 'report.html'),
      renderHtml(reportRun(), 'results/full/run.json', { safety: safetyMarkup(auditReport()) }),
    );
    browser = await openBrowser(executablePath!);
  }, 60_000);

  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  beforeEach(async () => {
    complaints.length = 0;
    requests.length = 0;
    page = await browser.context.newPage();
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(url);
  });

  afterEach(async () => {
    await page.close();
  });

  const openAt = async (hash: string) => {
    await page.goto('about:blank');
    await page.goto(`${url}#${hash}`);
  };
  const hash = () => page.evaluate<string>('decodeURIComponent(location.hash)');
  const tab = (name: string) => page.getByRole('tab', { name });
  const costRows = (on: Page) => on.locator('#costs-table tbody tr:visible');
  const focused = () => page.evaluate<string>('document.activeElement.textContent');

  it('opens without a word on the console, and asks for nothing but itself', async () => {
    for (const name of await page.getByRole('tab').allInnerTexts()) await tab(name).click();
    expect(complaints).toEqual([]);
    expect(requests.filter((asked) => asked !== url && !asked.startsWith('data:'))).toEqual([]);
  });

  it.each(looks)('answers within the first screen at $width px, $colorScheme', async ({ colorScheme, ...size }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize(size);
    const answer = await page.locator('.answer').boundingBox();
    expect(answer!.y + answer!.height).toBeLessThan(size.height);
    expect((await page.locator('.answer').innerText()).match(/\.(?: |$)/g)).toHaveLength(3);
    for (const box of await page.locator('figure.lives .scroll').all()) {
      const { y, height } = (await box.boundingBox())!;
      expect(y + height).toBeLessThanOrEqual(size.height);
    }
    const [wide, visible, long] = await page.evaluate<[number, number, number]>(
      '[document.documentElement.scrollWidth, document.documentElement.clientWidth, document.documentElement.scrollHeight]',
    );
    expect(wide).toBeLessThanOrEqual(visible);
    expect(long / size.height).toBeLessThanOrEqual(8);
  });

  it.each(looks)(
    'has nothing that axe finds fault with at $width px, $colorScheme',
    async ({ colorScheme, ...size }) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize(size);
      for (const name of await page.getByRole('tab').allInnerTexts()) {
        await tab(name).click();
        // Evaluated by the debugger, which the page's policy does not bind.
        const findings =
          await page.evaluate(`${axe.source}; axe.run().then(({ violations }) => violations.map(({ id, nodes }) =>
        id + ': ' + nodes.map(({ html }) => html.slice(0, 200)).join(' | ')))`);
        expect({ name, findings }).toEqual({ name, findings: [] });
      }
    },
  );

  it('moves through the tabs by arrows, Home and End, and keeps the tab in the address', async () => {
    const names = await page.getByRole('tab').allInnerTexts();
    await tab(names[0]!).focus();
    await page.keyboard.press('ArrowRight');
    expect(await focused()).toBe(names[1]);
    expect(await tab(names[1]!).getAttribute('aria-selected')).toBe('true');
    await page.keyboard.press('End');
    expect(await focused()).toBe(names.at(-1));
    expect(await hash()).toBe('#run');
    expect(await page.getByRole('tabpanel').count()).toBe(1);
    await page.keyboard.press('ArrowRight');
    expect(await focused()).toBe(names[0]);
  });

  it('opens at a tab, a filter, an order and a search by its address', async () => {
    await openAt('figures&variant=hardened&sort=costs-table:1:down&find=latency-p99');
    expect(await tab('Raw figures').getAttribute('aria-selected')).toBe('true');
    expect(await page.locator('#figures').isVisible()).toBe(true);
    expect(await page.locator('#row-session-as-published').isVisible()).toBe(false);
    expect(await page.locator('#row-session-hardened').isVisible()).toBe(true);
    expect(await page.locator('#costs-table th[aria-sort]').getAttribute('aria-sort')).toBe('descending');
    const rows = await page.locator('#raw tbody:not(.space) tr').allInnerTexts();
    expect(rows.length).toBeGreaterThan(3);
    for (const row of rows) expect(row).toMatch(/latency-p99/);
    for (const row of rows) expect(row).not.toContain('as-published');
  });

  it('opens at a result of a table, of the audit and of the raw figures by its address', async () => {
    await openAt('outside-ban');
    expect(await tab('Safety').getAttribute('aria-selected')).toBe('true');
    expect(await page.locator('#outside-ban').isVisible()).toBe(true);
    await openAt('figure-churn-server-cpu-per-connection-session-hardened');
    expect(await tab('Raw figures').getAttribute('aria-selected')).toBe('true');
    const row = page.locator('#raw tr.target');
    expect(await row.innerText()).toMatch(/session hardened.*churn.*server-cpu-per-connection/s);
    const box = (await row.boundingBox())!;
    expect(box.y).toBeGreaterThan(0);
    expect(box.y).toBeLessThan(page.viewportSize()!.height);
  });

  it('draws only the raw figures that are in sight, and others as one scrolls', async () => {
    await tab('Raw figures').click();
    const texts = () => page.locator('#raw tbody:not(.space) tr').allInnerTexts();
    const first = await texts();
    const all = Number(await page.locator('#raw').getAttribute('aria-rowcount')) - 1;
    expect(all).toBe(reportRun().cells.length);
    expect(first.length).toBeLessThan(all);
    await page.locator('#figures .tall').focus();
    await page.keyboard.press('End');
    await page.locator(`#raw tr[aria-rowindex="${all + 1}"]`).waitFor();
    expect(await texts()).not.toContain(first[0]);
  });

  it('explains terms and intervals by keyboard alone, and closes the explanation by Escape', async () => {
    for (const [selector, said] of [
      ['button.term', 'with nothing added'],
      ['#cost-session-hardened button.cost', '95% interval runs from'],
    ] as const) {
      await page.locator(selector).first().focus();
      const tip = page.getByRole('tooltip');
      expect(await tip.innerText()).toContain(said);
      expect(await page.locator(selector).first().getAttribute('aria-describedby')).toBe('tip');
      await page.keyboard.press('Escape');
      expect(await tip.isVisible()).toBe(false);
    }
  });

  it('sorts by keyboard, both ways, with what has no figure last, and keeps the order in the address', async () => {
    const head = page.locator('#costs-table thead th', { hasText: 'CPU per message, saturated' });
    const column = (index: number) => page.locator(`#costs-table tbody tr > :nth-child(${index})`).allInnerTexts();
    await head.getByRole('button').focus();
    await page.keyboard.press('Enter');
    expect(await head.getAttribute('aria-sort')).toBe('ascending');
    expect((await column(1))[0]).toContain('long-lived-token as-published');
    expect((await column(2)).at(-1)).toContain('void:');
    await page.keyboard.press('Space');
    expect((await column(1))[0]).toContain('article-gateway');
    expect((await column(2)).at(-1)).toContain('void:');
    expect(await hash()).toContain('sort=costs-table:1:down');
  });

  it('hides the rows that are not wanted, and shows all again', async () => {
    const all = await costRows(page).count();
    await page.getByLabel('Variant').selectOption('hardened');
    expect(await costRows(page).count()).toBe(all - 4);
    expect(await hash()).toContain('variant=hardened');
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.locator('#row-session-as-published').waitFor();
    expect(await costRows(page).count()).toBe(all);
    expect(await hash()).not.toContain('variant');
  });

  it('opens the evidence of a broken promise by keyboard', async () => {
    await page.locator('.matrix td.bad a').first().focus();
    await page.keyboard.press('Enter');
    expect(await page.getByText('1 < 44/chat,{}').first().isVisible()).toBe(true);
  });

  it('shows a ring around what has the focus', async () => {
    await page.keyboard.press('Tab');
    const outline = await page.evaluate<string>('getComputedStyle(document.activeElement).outlineStyle');
    expect(outline).toBe('solid');
  });
});
