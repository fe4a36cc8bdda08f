import { fork } from 'node:child_process';
import { createServer } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { auditRemote } from '../audits/engine/remote-run.ts';
import type { Target } from '../audits/remote/target.ts';
import { clientHalfOf } from '../harness/app/client-half.ts';
import type { EntrySpec } from '../harness/app/entry.ts';
import { loadPeers } from '../peers/registry.ts';
import type { Lifetimes } from '../strategies/strategy.ts';
import { Commands } from './support/commands.ts';
import { outsideMatrix, startServer } from './support/compiled.ts';

/** A server in a process of its own, with someone who is welcome and someone who is not. */
async function serve(spec: EntrySpec, lifetimes: Partial<Lifetimes> = {}): Promise<Target> {
  const started = await startServer({ spec, lifetimes, limits: {} });
  onTestFinished(() => started.stop().catch(() => {}));
  const { createClient } = await clientHalfOf(spec);
  const credentialOf = async (prefix: string, roles: string[] = []) => {
    const [user] = await started.call.addUsers(prefix, 1, roles);
    const client = createClient({ url: started.url });
    await client.signIn(user!.username, user!.password);
    return client.connectOptions();
  };
  return {
    url: started.url,
    namespace: '/chat',
    credential: await credentialOf('welcome'),
    unwelcome: await credentialOf('unwelcome', ['muted']),
    event: 'sendMessage',
    payload: { text: 'audit' },
    logoutUrl: undefined,
    hooks: {},
    destructive: true,
    patience: 10_000,
  };
}

/** A server that is written straight from the article, in a process of its own. */
async function serveArticle(): Promise<Target> {
  const child = fork(new URL('support/article-server.mjs', import.meta.url), {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  onTestFinished(() => void child.kill());
  const [{ url, tokens }] = (await once(child, 'message')) as [{ url: string; tokens: [string, string] }];
  const [welcome, unwelcome] = tokens.map((token) => ({ auth: { token } }));
  return {
    url,
    namespace: '/chat',
    credential: welcome,
    unwelcome,
    event: 'sendMessage',
    payload: { text: 'audit' },
    logoutUrl: undefined,
    hooks: {},
    destructive: true,
    patience: 10_000,
  };
}

const idsOf = (findings: Awaited<ReturnType<typeof auditRemote>>, outcome: string): string[] =>
  findings.filter((finding) => finding.outcome === outcome).map(({ id }) => id);

describe('a server of your own', () => {
  it(
    'written as the article has it: what is broken is found, the end of its process included',
    { timeout: 60_000 },
    async () => {
      const findings = await auditRemote(await serveArticle());
      expect(idsOf(findings, 'fail')).toEqual(
        expect.arrayContaining([
          'preauth-inbound',
          'root-closed',
          'origin-reject',
          'expiry-inbound',
          'auth-hook-throw',
        ]),
      );
    },
  );

  it('that keeps its promises: nothing is found', { timeout: 60_000 }, async () => {
    const target = await serve({ kind: 'strategy', id: 'handshake-only', variant: 'hardened' }, { accessToken: 9000 });
    const findings = await auditRemote(target);
    expect(idsOf(findings, 'fail')).toEqual([]);
    expect(idsOf(findings, 'pass')).toContain('expiry-inbound');
  });
});

it('each peer: every audit from outside gets an answer', { timeout: 90_000 }, async () => {
  const peers = (await loadPeers()).map(({ id, title }) => ({ spec: { kind: 'peer', id } as const, title }));
  const { columns } = await outsideMatrix(peers, () => {});
  const unanswered = columns.flatMap(({ strategy, findings }) =>
    findings.filter(({ outcome }) => outcome === 'unknown').map(({ id, reason }) => `${strategy}: ${id}: ${reason}`),
  );
  expect(columns.map(({ strategy }) => strategy)).toEqual(peers.map(({ spec }) => spec.id));
  expect(unanswered).toEqual([]);
});

const commands = new Commands();
afterAll(() => commands.end());

const audit = (...args: readonly string[]) => commands.run('audit', ...args);

async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('npm run audit, where nothing can be audited: one line that names the fix, exit 2, no stack trace', () => {
  it.each([
    ['an address that is none', ['--url', 'nowhere'], /^--url takes an address/],
    ['another scheme', ['--url', 'ftp://127.0.0.1'], /^--url takes http or https/],
    ['a password in the address', ['--url', 'http://a:b@127.0.0.1'], /^--url takes no user/],
    ["someone else's server", ['--url', 'http://example.org'], /^example\.org is not this machine/],
    ['a server that is not there', ['--url', 'http://127.0.0.1:1'], /^Cannot reach http:\/\/127\.0\.0\.1:1: /],
    ['a flag without its URL', ['--namespace', '/chat'], /^Name the server: --url URL, or --config FILE/],
    [
      'a namespace that is none',
      ['--url', 'http://127.0.0.1:1', '--namespace', 'chat'],
      /^The description: namespace: Invalid string: must start with "\/"/,
    ],
    [
      'a description that is not there',
      ['--config', 'nope.json'],
      /^Cannot read nope\.json: ENOENT; write one with: init/,
    ],
    [
      'a finding that is none',
      ['--url', 'http://127.0.0.1:1', '--except', 'x=y'],
      /^--except: there is no finding 'x'/,
    ],
    [
      'an exception without its reason',
      ['--url', 'http://127.0.0.1:1', '--except', 'root-open'],
      /^--except takes a reason/,
    ],
    ['a severity that is none', ['--url', 'http://127.0.0.1:1', '--fail-on', 'bad'], /^--fail-on takes critical, high/],
    ['an answer that is none', ['--url', 'http://127.0.0.1:1', '--event', 'x', '--answer', 'x'], /^--answer takes ack/],
    [
      'an unknown format',
      ['--url', 'http://127.0.0.1:1', '--format', 'pdf'],
      /^No format 'pdf'. There are: table, json/,
    ],
    ['an unknown promise', ['--only', 'nope'], /^No audit 'nope'. There are: admits/],
    [
      'a credential file that is not there',
      ['--url', 'http://127.0.0.1:1', '--credential-file', 'nope'],
      /^Cannot read the credential from nope: ENOENT/,
    ],
    [
      'a payload that is no JSON',
      ['--url', 'http://127.0.0.1:1', '--event', 'x', '--payload', '{'],
      /^--payload takes JSON/,
    ],
  ] as const)('%s', async (_, args, message) => {
    const { code, error } = await audit(...args);
    expect(error).toMatch(message);
    expect(error).not.toContain('    at ');
    expect(code).toBe(2);
  });

  it('a server that is not Socket.IO', async () => {
    const url = await listening(createServer((_, response) => response.end('hello')));
    const { code, error } = await audit('--url', url);
    expect(error).toMatch(/no Socket\.IO server does at \/socket\.io\/: change "path" \(--path\)/);
    expect(code).toBe(2);
  });

  it('a server that hangs', { timeout: 20_000 }, async () => {
    const url = await listening(createServer(() => {}));
    const { code, error } = await audit('--url', url);
    expect(error).toMatch(/it did not answer within 5 s\n$/);
    expect(code).toBe(2);
  });

  it('a server that refuses every upgrade: the valid client is not admitted, and nothing is kept', async () => {
    const refuses = createServer((_, response) => response.end('{"code":0}')).on('upgrade', (_, socket) =>
      socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n'),
    );
    const url = await listening(refuses);
    const { code, error } = await audit('--url', url, '--transports', 'websocket');
    expect(error).toMatch(/was not admitted to .*the upgrade was answered by HTTP 403.*Describe a credential/);
    expect(code).toBe(2);
  });

  it('a server that leads elsewhere is not followed, and gets no credential there', async () => {
    const heard: string[] = [];
    const elsewhere = await listening(
      createServer((request, response) => {
        heard.push(request.url ?? '');
        response.end();
      }),
    );
    const url = await listening(createServer((_, response) => response.writeHead(307, { location: elsewhere }).end()));
    const { code } = await audit('--url', url);
    expect(code).toBe(2);
    expect(heard).toEqual([]);
  });

  it('a broken credential file is not repeated', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'audit-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'credential');
    writeFileSync(file, '{"auth": "canary-5c1e');
    const { code, error } = await audit('--url', 'http://127.0.0.1:1', '--credential-file', file);
    expect(error).toMatch(/begins like JSON, and is not valid JSON/);
    expect(error).not.toContain('canary');
    expect(code).toBe(2);
  });
});
