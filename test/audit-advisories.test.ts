import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { advisories, checkedOn, staleAt } from '../audits/checks/advisories.ts';
import { faultyFrom } from '../audits/checks/loaded-packages.ts';
import { renderAudit } from '../audits/report/matrix.ts';
import { safetyMarkup } from '../audits/report/matrix-html.ts';
import { auditReport } from './support/audit-report.ts';

/** An app on disk: a manifest in each of these folders, `.` being the app itself. */
function appOf(manifests: Record<string, object>): string {
  const root = mkdtempSync(join(tmpdir(), 'packages-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [folder, manifest] of Object.entries(manifests)) {
    mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(join(root, folder, 'package.json'), JSON.stringify(manifest));
  }
  return root;
}

const installed = (name: string, version: string, ...needs: string[]): object => ({
  name,
  version,
  dependencies: Object.fromEntries(needs.map((need) => [need, '*'])),
});

/** Faults of one package in an app that loads it. */
const faultsOf = (name: string, version: string): string[] =>
  faultyFrom(appOf({ '.': installed('app', '1.0.0', name), [`node_modules/${name}`]: installed(name, version) }));

describe('what is loaded and known to be faulty', () => {
  it('is nothing here', () => {
    expect(faultyFrom()).toEqual([]);
  });

  it('is found where it lies deeper than a sound copy of it', () => {
    const root = appOf({
      '.': installed('app', '1.0.0', 'socket.io', 'socket.io-parser'),
      'node_modules/socket.io-parser': installed('socket.io-parser', '4.2.7'),
      'node_modules/socket.io': installed('socket.io', '4.8.3', 'socket.io-parser'),
      'node_modules/socket.io/node_modules/socket.io-parser': installed('socket.io-parser', '4.2.5'),
    });
    expect(faultyFrom(root)).toEqual([
      'socket.io-parser 4.2.5 in node_modules/socket.io/node_modules/socket.io-parser: GHSA-2m8v-j782-fhvr, GHSA-677m-j7p3-52f9',
    ]);
  });

  it('is found above the app, through a link, as a peer, and under another name', () => {
    const root = appOf({
      'node_modules/ws': installed('ws', '8.17.0'),
      'apps/one': { name: 'one', version: '1.0.0', peerDependencies: { ws: '*', sockets: '*', linked: '*' } },
      'node_modules/sockets': installed('socket.io', '4.6.1'),
      'store/linked': installed('linked', '1.0.0', 'cookie'),
      'store/node_modules/cookie': installed('cookie', '0.6.0'),
    });
    symlinkSync(join(root, 'store/linked'), join(root, 'node_modules/linked'));
    expect(faultyFrom(join(root, 'apps/one')).map((line) => line.split(' in ', 1)[0])).toEqual([
      'ws 8.17.0',
      'socket.io 4.6.1',
      'cookie 0.6.0',
    ]);
  });

  it('is not what development alone takes, nor what is not installed, and a circle ends', () => {
    const root = appOf({
      '.': { ...installed('app', '1.0.0', 'a', 'absent'), devDependencies: { ws: '*' } },
      'node_modules/ws': installed('ws', '8.0.0'),
      'node_modules/a': installed('a', '1.0.0', 'b'),
      'node_modules/b': installed('b', '1.0.0', 'a'),
    });
    expect(faultyFrom(root)).toEqual([]);
  });

  it.each([
    ['socket.io-parser', '4.2.6', '4.2.7'],
    ['socket.io-parser', '3.4.4', '3.4.5'],
    ['socket.io-parser', '3.3.5', '3.3.6'],
    ['ws', '8.21.0', '8.21.1'],
    ['ws', '7.5.11', '7.5.12'],
    ['engine.io', '6.6.6', '6.6.10'],
    ['engine.io', '6.6.9', '6.6.10'],
    ['multer', '1.4.5-lts.2', '2.3.0'],
    ['body-parser', '2.2.2', '2.3.0'],
    ['@nestjs/core', '12.0.0-alpha.2', '12.0.0-alpha.3'],
    ['express', '5.0.0-beta.3', '5.0.0'],
    ['ws', '8.21.1-beta.1', '8.21.1'],
    ['debug', '4.4.2', '4.4.3'],
  ])('%s: %s is, and %s is not', (name, faulty, mended) => {
    expect(faultsOf(name, faulty)).toHaveLength(1);
    expect(faultsOf(name, mended)).toEqual([]);
  });
});

describe('the table of advisories', () => {
  it('names each by its id, once, with ranges that end', () => {
    for (const known of Object.values(advisories)) {
      const ids = known.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      for (const id of ids) expect(id).toMatch(/^GHSA(?:-[2-9cfghjmpqrvwx]{4}){3}$/);
      for (const range of known.flatMap(({ affected }) => affected)) expect(range).toMatch(/^(?:>=\S+ )?<\d\S*$/);
    }
  });

  it('is too old 91 days after it was checked, and not one day before', () => {
    const after = (days: number) => staleAt(new Date(Date.parse(checkedOn) + days * 86_400_000));
    expect(after(90)).toBeUndefined();
    expect(after(91)).toMatch(/^SHOULD: the advisories of `known-cves` were checked on \S+, 91 days before this run/);
  });

  it('is warned of in the report of a run past its age, by the time of that run', () => {
    const startedAt = '2026-11-24T00:00:00.000Z';
    const [young, old] = ['2026-11-01', '2026-01-01'].map((advisoriesOf) => auditReport({ startedAt, advisoriesOf }));
    for (const render of [renderAudit, (report: typeof young) => String(safetyMarkup(report!))]) {
      expect(render(young!)).not.toContain('SHOULD: ');
      expect(render(old!)).toContain('327 days before this run');
    }
  });
});
