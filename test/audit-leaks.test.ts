import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Socket, Server } from 'socket.io';
import { describe, expect, it, onTestFinished } from 'vitest';
import { auditTests } from '../audits/index.ts';
import { main } from '../audits/cli/main.ts';
import { auditServer } from '../audits/remote/audit.ts';
import { secretsOf } from '../audits/remote/description/known.ts';
import { withHooks } from '../audits/remote/description/hooks.ts';
import { ownedServer } from '../audits/remote/description/owner.ts';
import { checkedDescription } from '../audits/remote/description/read.ts';
import { formats } from '../audits/report/server/formats.ts';
import type { Presented } from '../harness/app/scenario.ts';
import { textOf } from '../scripts/command.ts';

/** Each command is a process of its own. */
const slow = { timeout: 60_000 };
const HANDED_OUT = 'handed-out-6f21c0';

/** A server that lets everybody in everywhere, and repeats what it was sent in every way it knows. */
async function echo(): Promise<{ url: string; close: () => Promise<void> }> {
  const http = createServer();
  const server = new Server(http);
  const greet = (socket: Socket): void => {
    const { auth, headers } = socket.handshake;
    const given = [...stringsOf(auth), ...Object.values(headers).map(String)];
    socket.emit('auth:credential', { token: HANDED_OUT });
    socket.onAny((_event, ...args: unknown[]) =>
      (args.at(-1) as (said: unknown) => void)({
        auth,
        headers,
        again: given.flatMap((one) => [one.toUpperCase(), btoa(one), encodeURIComponent(one)]),
      }),
    );
  };
  server.on('connection', greet);
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`, close: () => server.close() };
}

/** The same for one test. */
async function echoing(): Promise<string> {
  const { url, close } = await echo();
  onTestFinished(close);
  return url;
}

const stringsOf = (value: unknown): string[] =>
  typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsOf) : [String(value)];

/** What of it is secret: the last item of each. */
const credentials: [name: string, credential: Presented, secret: string][] = [
  ['an opaque key', { auth: { apiKey: '0123456789abcdef0123456789abcdef' } }, '0123456789abcdef0123456789abcdef'],
  ['a key in base64', { auth: { key: 'q1W+e2R/t3Y+u4I/o5P+a6S/d7F=' } }, 'q1W+e2R/t3Y+u4I/o5P+a6S/d7F'],
  ['a nested one', { auth: { user: { secretKey: 'sk_live_abcdefgh12345678' } } }, 'sk_live_abcdefgh12345678'],
  ['one of a list', { auth: { keys: [{ n: 1 }, 'list-4f9a1b22'] } }, 'list-4f9a1b22'],
  ['a number', { auth: { pin: 90_417 } }, '90417'],
  ['one with quotes', { auth: { pass: 'say "friend" \\ & <enter>' } }, 'friend'],
  ['a header', { extraHeaders: { 'x-api-key': 'hdr-0123456789abcdef' } }, 'hdr-0123456789abcdef'],
  ['a cookie among others', { extraHeaders: { cookie: 'theme=dark; sid=s%3Aq7Lw8zXc.vB5nM1' } }, 'q7Lw8zXc'],
  ['Basic', { extraHeaders: { authorization: `Basic ${btoa('ada:open sesame')}` } }, 'sesame'],
  [
    'a signed token',
    { auth: { token: `${btoa('{"alg":"HS256"}')}.${btoa('{"sub":"ada-51"}')}.sIgNaTuRe0` } },
    'sIgNaTuRe0',
  ],
];

describe('a server that repeats credentials: no report holds', () => {
  it.concurrent.each(credentials)('%s', slow, async (_, credential, secret) => {
    const { url, close } = await echo();
    try {
      const description = checkedDescription({ url, event: { event: 'say', answer: 'ack' } }, false);
      const secrets = secretsOf(description);
      const learn = (given: unknown): void => secrets.learn(given);
      const owned = ownedServer(description, { patience: 0 });
      const report = await auditServer(withHooks(owned, { signIn: async () => credential }, learn), { secrets });
      expect(report.findings[0]).toMatchObject({ id: 'stranger-acts' });
      for (const format of Object.values(formats)) {
        const text = format(report, secrets);
        for (const form of [secret, secret.toUpperCase(), btoa(secret).slice(0, -4), encodeURIComponent(secret)])
          expect(text).not.toContain(form);
        expect(text).not.toContain(HANDED_OUT);
        expect(text).toContain('431[');
      }
    } finally {
      await close();
    }
  });
});

describe('npm run audit', () => {
  const KEY = 'env-key-0123456789abcdef';
  /** Both outputs and the exit code of the command, for this on its standard input. */
  async function typing(input: string, env: Record<string, string>, args: readonly string[]) {
    const child = spawn(process.execPath, ['dist/scripts/audit.js', '--wait', '0', ...args], {
      stdio: 'pipe',
      env: { ...process.env, ...env },
    });
    child.stdin.end(input);
    let all = '';
    for (const output of [child.stdout, child.stderr]) output.on('data', (chunk: Buffer) => (all += String(chunk)));
    const [code] = (await once(child, 'close')) as [number];
    return { all, code };
  }

  /** The same in this process, for what needs neither an input nor a crash. */
  async function said(...args: string[]) {
    let all = '';
    const write = (text: string): void => void (all += text);
    const ended = main(['--wait', '0', ...args], { out: write, error: write });
    const code = await ended.catch((error: Error) => (write(`${textOf(error, '')}\n`), 2));
    return { all, code };
  }

  function fileOf(text: string, name = 'file.mjs'): string {
    const folder = mkdtempSync(join(tmpdir(), 'audit-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  }

  it('tells of a finding in every format, and neither of its two outputs holds the credential', slow, async () => {
    const url = await echoing();
    const file = fileOf(JSON.stringify({ auth: { apiKey: KEY } }));
    const told = async (format: string): Promise<void> => {
      const { all, code } = await said('--url', url, '--format', format, '--event', 'say', '--credential-file', file);
      expect(all).toContain('stranger-acts');
      expect(all).not.toContain(KEY);
      expect(all).not.toContain(HANDED_OUT);
      expect(code).toBe(1);
    };
    await Promise.all(Object.keys(formats).map(told));
  });

  it.each([
    ['standard input', KEY, {}, ['--credential-file', '-']],
    ['the environment', '', { AUDIT_CREDENTIAL: KEY }, []],
  ] as const)('takes the credential from %s, and repeats it nowhere', slow, async (_, input, env, args) => {
    const { all } = await typing(input, env, ['--url', await echoing(), '--event', 'say', ...args]);
    expect(all).toContain('BROKEN');
    expect(all).not.toContain(KEY);
  });

  it('a hook that fails past every catch does not tell the credential, nor does its stack trace', slow, async () => {
    const source = `export const signIn = () => { Promise.reject(new Error('no ${KEY}')); return new Promise(() => {}); };`;
    const file = fileOf(JSON.stringify({ auth: { apiKey: KEY } }));
    const args = ['--url', await echoing(), '--credential-file', file, '--hooks', fileOf(source)];
    const { all, code } = await typing('', {}, args);
    expect(all).not.toContain(KEY);
    expect(code).toBeGreaterThan(0);
  });

  it.each([
    ['that rejects', `export const signIn = async () => { throw new Error('no ${KEY}'); };`],
    ['that cannot be loaded', `throw new Error('no ${KEY}');`],
  ])('a hook %s does not tell the credential, nor does its stack trace', slow, async (_, source) => {
    const file = fileOf(JSON.stringify({ auth: { apiKey: KEY } }));
    const { all, code } = await said('--url', await echoing(), '--credential-file', file, '--hooks', fileOf(source));
    expect(all).not.toContain(KEY);
    expect(code).toBeGreaterThan(0);
  });

  it('a credential in the place of its file, or in an address that is none, is not repeated', slow, async () => {
    const file = await said('--url', 'http://127.0.0.1:1', '--credential-file', `sk_${KEY}_0123456789`);
    expect(file.all).toMatch(/^Cannot read the credential from a text of \d+ characters: ENOENT/);
    const address = await said('--url', `http://ada:${KEY}@no where`);
    expect(address.all).toMatch(/^--url takes an address/);
    expect(file.all + address.all).not.toContain(KEY);
    expect([file.code, address.code]).toEqual([2, 2]);
  });
});

describe('the audit as tests', () => {
  it('holds no credential in a name or in the message of a failure', slow, async () => {
    const url = await echoing();
    const key = 'own-test-key-0123456789';
    const names: string[] = [];
    const runs: (() => Promise<void>)[] = [];
    const signIn = async () => ({ auth: { apiKey: key } });
    auditTests(
      (name, run) => (names.push(name), runs.push(run)),
      () => ({ url, hooks: { signIn }, event: { event: 'say' }, patience: 0 }),
    );
    const messages = await Promise.all(runs.map((test) => test().then(() => '', String)));
    expect(messages.filter((message) => message !== '')).toHaveLength(1);
    expect([...names, ...messages].join('\n')).not.toContain(key);
    expect(messages.join('\n')).not.toContain(HANDED_OUT);
  });
});
