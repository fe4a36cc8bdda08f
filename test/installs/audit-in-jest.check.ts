import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pack } from '../support/packed.ts';

const run = promisify(execFile);

/** A test file as its owner writes it: a server of Socket.IO, which refuses strangers or lets them in. */
const testOf = (middleware: string): string => `
const { once } = require('node:events');
const { createServer } = require('node:http');
const { auditTests } = require('nest-ws-audit');
const { Server } = require('socket.io');

const token = 'opaque-0123456789abcdef';
const http = createServer();
const io = new Server(http);
${middleware}
io.on('connection', (socket) => socket.on('say', (text, answer) => answer({ said: text })));

describe('the gateway is safe', () => {
  beforeAll(async () => {
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
  });
  afterAll(() => io.close());

  auditTests(it, () => ({
    url: 'http://127.0.0.1:' + http.address().port,
    event: { event: 'say', arguments: ['hello'] },
    credential: token,
  }));
});
`;

const REFUSES = `io.use(({ handshake }, next) => next(handshake.auth.token === token ? undefined : new Error('unauthorized')));`;

const { status } = spawnSync('npm', ['view', 'jest@30', 'version'], { timeout: 60_000 });
const hasRegistry = status === 0;
const why = hasRegistry ? '' : ' (skipped: the registry of npm cannot be reached)';

let folder: string;

/** Runs a test file in Jest as it comes. It must end by itself: a run that does not is killed, and has no code. */
async function jest(name: string): Promise<{ readonly code: number | undefined; readonly said: string }> {
  const args = ['node_modules/jest/bin/jest.js', '--no-color', '--verbose', name];
  const { stdout, stderr, code } = await run(process.execPath, args, { cwd: folder, timeout: 120_000 })
    .then((ended) => ({ ...ended, code: 0 }))
    .catch((failed: { stdout: string; stderr: string; code?: number }) => failed);
  return { code, said: stdout + stderr };
}

beforeAll(async () => {
  if (!hasRegistry) return;
  folder = mkdtempSync(join(tmpdir(), 'jest-'));
  const { audit } = await pack(folder);
  writeFileSync(join(folder, 'package.json'), '{ "name": "app", "private": true }');
  writeFileSync(join(folder, 'kept.test.js'), testOf(REFUSES));
  writeFileSync(join(folder, 'open.test.js'), testOf(''));
  const packages = ['jest@30', 'socket.io@4', audit];
  const flags = ['--no-audit', '--no-fund', '--prefer-offline'];
  await run('npm', ['install', ...flags, ...packages], { cwd: folder });
}, 300_000);

afterAll(() => (hasRegistry ? rm(folder, { recursive: true }) : undefined), 120_000);

describe.skipIf(!hasRegistry)(`the audit as tests in Jest${why}`, { timeout: 150_000 }, () => {
  it('passes for a server that refuses strangers, and ends', async () => {
    const { code, said } = await jest('kept.test.js');
    expect(said).toMatch(/Tests: +\d+ passed, \d+ total/);
    expect(said).not.toMatch(/did not exit|open handle/);
    expect(code).toBe(0);
  });

  it('fails for one that lets them in, by the one finding, in words that say how to fix it', async () => {
    const { code, said } = await jest('open.test.js');
    expect(said).toMatch(/Tests: +1 failed, \d+ passed, \d+ total/);
    expect(said).toContain('● the gateway is safe › stranger-acts is not found (A client without a valid credential');
    expect(said).toContain('A client with no credential or an arbitrary credential');
    expect(said).toMatch(/Decide before CONNECT is accepted[^]+findings\/stranger-acts\.md/);
    expect(said).not.toContain('opaque-0123456789abcdef');
    expect(said).not.toMatch(/did not exit|Exceeded timeout/);
    expect(code).toBe(1);
  });
});
