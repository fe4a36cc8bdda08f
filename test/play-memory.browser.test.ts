import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { setTimeout as delay } from 'node:timers/promises';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { chromiumPath, openBrowser } from './support/browser.ts';
import { playEntries, PlayServer, Stage } from './support/compiled.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const executablePath = chromiumPath();
const skipped =
  process.env['SOAK'] === undefined ? ' (skipped: only in npm run soak)' : executablePath === undefined ? ' (skipped: no Chromium)' : ''; // prettier-ignore
/** How long it goes on, in minutes. */
const minutes = Number(process.env['SOAK_MINUTES'] ?? 10);
const LANES = 20;
/** The most that the heap may have grown at the end: a part of the first size, plus a number of MB. */
const MAY_GROW = { part: 0.2, megabytes: 4 };
const MB = 1_000_000;

/** The live heap of this process, which is the play server's, in MB. */
function serverHeap(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  collect();
  return process.memoryUsage().heapUsed / MB;
}

it.skipIf(skipped !== '')(
  `20 lanes at 10 messages a second for ${minutes} minutes: the heaps of the page and of its server stay level${skipped}`,
  { timeout: (minutes + 10) * 60_000 },
  async () => {
    const all = await playEntries();
    const entries = Array.from({ length: LANES }, (_, index) => {
      const entry = all[index % all.length]!;
      return { ...entry, key: `${entry.key}-${index}` };
    });
    const stage = await Stage.open({ entries, ttl: 10_000, every: 100, connects: true });
    const server = await PlayServer.listen({ stage, scenarios: [], root, host: '127.0.0.1', port: 0 });
    await using browser = await openBrowser(executablePath!);
    try {
      await stage.ready;
      const page = await browser.context.newPage();
      await page.goto(server.url);
      const devtools = await page.context().newCDPSession(page);
      const heaps = async () => {
        await devtools.send('HeapProfiler.collectGarbage');
        const { usedSize } = await devtools.send('Runtime.getHeapUsage');
        return { page: usedSize / MB, server: serverHeap() };
      };
      // Until then, the bars of the lanes become longer.
      await delay(60_000);
      const first = await heaps();
      await delay(minutes * 60_000);
      const last = await heaps();
      const shown = (['page', 'server'] as const).map((of) => `${of} ${first[of].toFixed(1)} to ${last[of].toFixed(1)} MB`);
      process.stdout.write(`Live heap over ${minutes} minutes: ${shown.join(', ')}\n`);
      for (const of of ['page', 'server'] as const)
        expect(last[of]).toBeLessThan(first[of] * (1 + MAY_GROW.part) + MAY_GROW.megabytes);
    } finally {
      await server.close();
      await stage.close();
    }
  },
); // prettier-ignore
