import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { writePages } from '../publish/publish.ts';
import { renderingsAt } from '../publish/renderings.ts';
import { spliced, wordsOf } from '../publish/splice.ts';
import { surprises } from '../publish/surprises.ts';
import { brokenLinks } from './support/links.ts';
import { reportRun } from './support/report-run.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const pages = await renderingsAt(root);

const fileAt =
  (folder: string) =>
  (path: string): string | undefined => {
    const file = join(folder, path);
    if (!existsSync(file)) return undefined;
    return statSync(file).isDirectory() ? '' : readFileSync(file, 'utf8');
  };

describe('what is rendered', () => {
  it('has a RESULTS.md of at most 25 KB', () => {
    expect(Buffer.byteLength(pages['RESULTS.md']!)).toBeLessThanOrEqual(25 * 1024);
  });

  it('links to what is there, and to headings that the page has', () => {
    expect(brokenLinks(pages, fileAt(root))).toEqual([]);
  });

  it.each(['RESULTS.md', 'README.md', 'results/full/DETAILS.md', 'results/nodes/RESULTS.md'])(
    '%s explains each column of each table that is computed',
    (path) => {
      const text = pages[path]!;
      const columns = [...text.matchAll(/^\| (.+) \|\n\| :?--.*\n/gm)].flatMap(([, head]) =>
        head!.split(' | ').map((name) => name.trim()),
      );
      const explained = new Set([...text.matchAll(/^- \*\*(.+?)\*\*: /gm)].map(([, name]) => name));
      // Tables that someone wrote, and the pairs of name and value of the machine.
      const own = ['What', 'Value', 'Strategy', 'The client proves itself with', '`as-published`', '`hardened`'];
      const written = [
        ...own,
        'Command',
        'What it does',
        'Import from `nest-ws-auth-lab/…`',
        'What it has',
        'Needs also',
      ];
      const advice = [...written, 'You serve', 'Pick', 'Why', 'Does not meet it'];
      expect(columns.filter((name) => !explained.has(name) && !advice.includes(name))).toEqual([]);
    },
  );
});

describe('a broken link', () => {
  it('is found in a page: to a file, a picture and a heading that are not there', () => {
    const text = '# Here\n\n[a](none.md) ![b](none.svg) [c](#gone) [d](#here) [e](https://x.example) `[f](code)`';
    const found = ['none.md', 'none.svg', '#gone'].map((target) => `in/page.md links to ${target}`);
    expect(brokenLinks({ 'in/page.md': text }, () => undefined)).toEqual(found);
  });
});

describe('a run that lies elsewhere', () => {
  it.each([
    ['a folder outside of this project', () => mkdtempSync(join(tmpdir(), 'pages-'))],
    [
      'a folder of this project',
      () => (mkdirSync(join(root, '.tmp'), { recursive: true }), mkdtempSync(join(root, '.tmp', 'pages-'))),
    ],
  ])('has pages whose links lead somewhere: %s', (_, make) => {
    const folder = make();
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writePages(root, folder, reportRun());
    const written = readdirSync(folder).filter((name) => name.endsWith('.md'));
    expect(written).toContain('RESULTS.md');
    const isInside = folder.startsWith(root);
    const base = isInside ? relative(root, folder) : '';
    const texts = written.map((name) => [posix.join(base, name), readFileSync(join(folder, name), 'utf8')]);
    expect(brokenLinks(Object.fromEntries(texts), fileAt(isInside ? root : folder))).toEqual([]);
  });
});

describe('README', () => {
  it('leaves the picture out where the run has none, and leaves its markers', () => {
    expect(spliced('<!-- a:start -->old<!-- a:end -->', { a: '' })).toBe('<!-- a:start -->\n\n\n\n<!-- a:end -->');
  });

  it('names the peers that its table has', () => {
    expect(wordsOf('<!-- peers: one two -->', 'peers')).toEqual(['one', 'two']);
    expect(wordsOf('none', 'peers')).toEqual([]);
  });

  it('tells a finding by its figures, and not at all where they were not recorded', () => {
    const run = reportRun();
    const [cell] = run.cells;
    const verify = (library: string, median: number) => ({
      ...cell!, metric: 'verify-time', strategy: library, median, params: { algorithm: 'HS256', cached: false },
    }); // prettier-ignore
    const cells = [verify('jsonwebtoken', 8), verify('jsonwebtoken, secret as a string', 351)];
    expect(surprises({ run })).toBe('');
    const found = surprises({ run: { ...run, cells: [...run.cells, ...cells] } });
    expect(found).toContain('351 us per verification instead of 8.00 us.');
    expect(found).toContain('`createSecretKey(Buffer.from(secret))`');
    const alike = [verify('jsonwebtoken', 300), cells[1]!];
    expect(surprises({ run: { ...run, cells: [...run.cells, ...alike] } })).toBe('');
  });
});
