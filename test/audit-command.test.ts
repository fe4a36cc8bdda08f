import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Server } from 'socket.io';
import { describe, expect, it, onTestFinished } from 'vitest';
import { main } from '../audits/cli/main.ts';
import type { ServerReport } from '../audits/remote/verdict/report.ts';
import { startApp } from '../harness/app/app.ts';
import handshakeOnly from '../strategies/handshake-only/index.ts';

const slow = { timeout: 60_000 };

/** The exit code and the outputs of the command. */
async function said(...args: readonly string[]) {
  let [out, error] = ['', ''];
  const code = await main(args, { out: (text) => (out += text), error: (text) => (error += text) });
  return { code, out, error };
}

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'audit-'));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}

/** A server that lets everybody in, and the file of a credential for it. */
async function openServer(): Promise<{ url: string; args: string[] }> {
  const http = createServer();
  const io = new Server(http);
  onTestFinished(() => io.close());
  io.on('connection', (socket) => socket.on('say', (text: string, answer: (said: object) => void) => answer({ text })));
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const file = join(folder(), 'token');
  writeFileSync(file, 'opaque-0123456789abcdef');
  return {
    url,
    args: ['--url', url, '--credential-file', file, '--event', 'say', '--arguments', '["hello"]', '--wait', '0'],
  };
}

describe('the command in CI', slow, () => {
  it('fails by a finding, and not by one that is known from a baseline or accepted with a reason', async () => {
    const { args } = await openServer();
    const baseline = join(folder(), 'baseline.json');
    expect((await said(...args, '--write-baseline', baseline)).code).toBe(1);
    const [known, excepted, critical, strict] = await Promise.all([
      said(...args, '--baseline', baseline, '--format', 'json'),
      said(...args, '--except', 'stranger-acts=a public lobby', '--format', 'sarif'),
      said(...args, '--fail-on', 'critical'),
      said(...args, '--except', 'stranger-acts=a public lobby', '--strict'),
    ]);
    expect([known.code, excepted.code, critical.code, strict.code]).toEqual([0, 0, 1, 1]);
    expect((JSON.parse(known.out) as ServerReport).findings).toMatchObject([{ accepted: 'known from the baseline' }]);
    expect(JSON.parse(excepted.out)).toMatchObject({
      runs: [{ results: [{ ruleId: 'stranger-acts', suppressions: [{ justification: 'a public lobby' }] }] }],
    });
    // A baseline is committed, so it holds no address and no frame.
    expect(readFileSync(baseline, 'utf8')).not.toMatch(/127\.0\.0\.1|42\[/);
  });

  it('gives each finding a fingerprint, a rule with help, and the place of the description', async () => {
    const { url } = await openServer();
    const file = join(folder(), 'ws-audit.json');
    writeFileSync(file, JSON.stringify({ url, event: { event: 'say', arguments: ['hello'] } }));
    const { out, code } = await said('--config', file, '--format', 'sarif');
    expect(code).toBe(1);
    const [run] = (JSON.parse(out) as { runs: { tool: object; results: object[] }[] }).runs;
    expect(run!.results).toMatchObject([
      {
        level: 'error',
        partialFingerprints: { 'wsAudit/v1': expect.stringMatching(/^[0-9a-f]{32}$/) as string },
        locations: [
          { physicalLocation: { artifactLocation: { uri: expect.stringContaining('ws-audit.json') as string } } },
        ],
      },
    ]);
    expect(run!.tool).toMatchObject({
      driver: { rules: [{ id: 'stranger-acts', helpUri: expect.stringMatching(/^https:/) as string }] },
    });
  });
});

describe('--source', slow, () => {
  /** A gateway with a guard on its hook and a token in the query, a test, and a file that is none. */
  function sources(): string {
    const made = folder();
    const gateway = `import { UseGuards } from '@nestjs/common';
import { WebSocketGateway } from '@nestjs/websockets';

@WebSocketGateway()
export class ChatGateway {
  @UseGuards(WsGuard)
  handleConnection(client: Socket) {
    client.data.token = client.handshake.query.token;
  }
}`;
    writeFileSync(join(made, 'chat.gateway.ts'), gateway);
    writeFileSync(join(made, 'chat.gateway.spec.ts'), gateway);
    writeFileSync(join(made, 'broken.ts'), 'const = 1');
    return made;
  }

  it('reads the source alone, tells file and line in every format, and says what it could not read', async () => {
    const source = sources();
    const [table, html, junit, sarif] = await Promise.all(
      ['table', 'html', 'junit', 'sarif'].map((format) => said('--source', source, '--format', format)),
    );
    expect([table, html, junit, sarif].map((one) => one?.code)).toEqual([1, 1, 1, 1]);
    for (const { out } of [table!, html!]) {
      expect(out).toMatch(/Read 1 file in \S+, with 1 gateway; not read: broken\.ts \(/);
      expect(out).toMatch(/chat\.gateway\.ts:6:4\b/);
    }
    expect(junit!.out).toMatch(/guard-on-hook: [^"]+chat\.gateway\.ts:6:4\)"/);
    expect(JSON.parse(sarif!.out)).toMatchObject({
      runs: [
        {
          results: [
            {
              ruleId: 'guard-on-hook',
              locations: [
                {
                  physicalLocation: {
                    artifactLocation: { uri: expect.stringMatching(/[^:]\/chat\.gateway\.ts$/) as string },
                    region: { startLine: 6, startColumn: 4 },
                  },
                },
              ],
            },
            { ruleId: 'token-in-query', level: 'note' },
          ],
        },
      ],
    });
  });

  it('is told at the finding of the probe that has the same cause', async () => {
    const { args } = await openServer();
    const { out } = await said(...args, '--source', sources(), '--format', 'json');
    const { findings, checks } = JSON.parse(out) as ServerReport;
    expect(checks.length).toBeGreaterThan(5);
    expect(findings.map(({ id, places }) => [id, places?.[0]?.line])).toEqual([
      ['stranger-acts', 6],
      ['token-in-query', 8],
    ]);
  });

  it('does not call a folder fine in which there is nothing to see, and takes no option of a server alone', async () => {
    await expect(said('--source', folder())).rejects.toThrow(/Nothing among the 0 TypeScript files in /);
    await expect(said('--source', join(folder(), 'src'))).rejects.toThrow(/there is no folder /);
    await expect(said('--source', sources(), '--event', 'say')).rejects.toThrow(/^--event is for a running server/);
  });
});

describe('init', slow, () => {
  it('writes a description by looking, which the audit reads', async () => {
    const { url } = await openServer();
    const file = join(folder(), 'ws-audit.json');
    const { code, out } = await said('init', '--url', url, '--out', file, '--yes');
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('Wrote ') as string });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      url,
      platform: 'socket.io',
      transports: ['websocket'],
      credential: { at: 'auth.token', valid: { env: 'WS_CREDENTIAL' } },
    });
    await expect(said('--config', file)).rejects.toThrow('The variable WS_CREDENTIAL holds no credential');
    await expect(said('init', '--url', url, '--out', file)).rejects.toThrow('is there already');
  });

  it('knows a Socket.IO server that answers polling in words of its own, such as that of the kit', async () => {
    const app = await startApp(handshakeOnly);
    onTestFinished(() => app.close());
    const file = join(folder(), 'ws-audit.json');
    await said('init', '--url', app.url, '--namespace', '/chat', '--out', file, '--yes');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      platform: 'socket.io',
      namespace: '/chat',
      transports: ['websocket'],
    });
  });
});

describe('a server that a client without a credential ends', slow, () => {
  it('is reported by the frame that ended it, and asked nothing more', async () => {
    const env = { ...process.env, TOKEN: 'opaque-0123456789abcdef' };
    const child = fork(new URL('support/dies-of-strangers.mjs', import.meta.url), {
      env,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    onTestFinished(() => void child.kill());
    const [url] = (await once(child, 'message')) as [string];
    const file = join(folder(), 'token');
    writeFileSync(file, env.TOKEN);
    const { code, out } = await said('--url', url, '--credential-file', file, '--event', 'status', '--format', 'json');
    const { findings, stopped, checks } = JSON.parse(out) as ServerReport;
    expect(code).toBe(1);
    expect(findings).toMatchObject([{ id: 'server-ended', severity: 'critical' }]);
    expect(findings[0]!.evidence.at(-1)).toMatch(/! the connection broke/);
    expect(stopped).toBe('The server ended, so the rest was not asked.');
    // The valid client alone has shown something.
    expect(checks.filter(({ state }) => state === 'kept').map(({ id }) => id)).toEqual(['url']);
  });
});
