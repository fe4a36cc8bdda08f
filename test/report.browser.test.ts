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

  const column = (index: number) => page.locator(`table.comparison tbody tr > :nth-child(${index})`).allInnerTexts();

  it('opens without a word on the console, and asks for nothing but itself', () => {
    expect(complaints).toEqual([]);
    expect(requests.filter((asked) => asked !== url && !asked.startsWith('data:'))).toEqual([]);
  });

  it.each(['light', 'dark'] as const)('has nothing that axe finds fault with, %s', async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    // Evaluated by the debugger, which the page's policy does not bind.
    const findings =
      await page.evaluate(`${axe.source}; axe.run().then(({ violations }) => violations.map(({ id, nodes }) =>
      id + ': ' + nodes.map(({ html }) => html.slice(0, 200)).join(' | ')))`);
    expect(findings).toEqual([]);
  });

  it.each([360, 1280])('does not scroll sideways at %i px', async (width) => {
    await page.setViewportSize({ width, height: 740 });
    const [wide, visible] = await page.evaluate<[number, number]>(
      '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
    );
    expect(wide).toBeLessThanOrEqual(visible);
  });

  it('sorts by keyboard, both ways, with what has no figure last', async () => {
    const head = page.locator('table.comparison thead th', { hasText: 'CPU per message, saturated' });
    await head.getByRole('button').focus();
    await page.keyboard.press('Enter');
    expect(await head.getAttribute('aria-sort')).toBe('ascending');
    expect((await column(1)).slice(0, 2)).toEqual(['ws alone', 'Socket.IO alone']);
    expect((await column(4)).at(-1)).toContain('void:');
    await page.keyboard.press('Space');
    expect(await head.getAttribute('aria-sort')).toBe('descending');
    expect((await column(1))[0]).toBe("The article's own gateway");
    expect((await column(4)).at(-1)).toContain('void:');
    expect(await page.locator('table.comparison [aria-sort]').count()).toBe(1);
  });

  it('hides the rows and timelines of what is not wanted, and shows all again', async () => {
    const rows = page.locator('table.comparison tbody tr:visible');
    const timelines = page.locator('.timeline:visible');
    const [allRows, allLives] = [await rows.count(), await timelines.count()];
    await page.getByRole('group', { name: 'Variant' }).getByLabel('as-published').uncheck();
    await page.getByRole('group', { name: 'Role' }).getByLabel('platform-layer').uncheck();
    expect(await rows.count()).toBe(allRows - 4 - 3);
    expect(await timelines.count()).toBe(allLives / 2);
    expect(await page.getByRole('status').innerText()).toBe(`${allRows - 7} of ${allRows} rows shown.`);
    await page.getByRole('button', { name: 'Show all' }).click();
    await page
      .getByRole('status')
      .filter({ hasText: `${allRows} of ${allRows} rows shown.` })
      .waitFor();
    expect(await rows.count()).toBe(allRows);
  });

  it('opens the evidence of a broken promise by keyboard', async () => {
    const summary = page.locator('section[aria-labelledby="safety"] summary', { hasText: 'broken' }).first();
    await summary.focus();
    await page.keyboard.press('Enter');
    expect(await page.getByText('1 < 44/chat,{}').first().isVisible()).toBe(true);
  });

  it('shows a ring around what has the focus', async () => {
    await page.keyboard.press('Tab');
    const outline = await page.evaluate<string>('getComputedStyle(document.activeElement).outlineStyle');
    expect(outline).toBe('solid');
  });
});
