import { createConnection } from 'node:net';
import { describe, expect, it } from 'vitest';
import { WsAuthModule } from '../../../gateways/ws-auth.module.ts';
import { loadStrategy } from '../../../strategies/registry.ts';
import { MemoryDirectory } from '../../../strategies/shared/accounts/directory.ts';
import { ConfigurationError } from '../../../strategies/shared/errors.ts';
import { connectFrame } from '../../../harness/app/raw-transport.ts';
import { TestServer } from '../../support/test-server.ts';
import { admitting, testStrategy } from '../../support/test-strategy.ts';

const origins = ['https://app.example', 'http://localhost:5173'];

/** The first line and the body that the server answers an upgrade with. */
function upgrade(url: string, origin?: string): Promise<{ status: string; body: string }> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = createConnection({ host: hostname, port: Number(port) });
    socket.on('data', (data) => {
      answer += data.toString('latin1');
      if (answer.startsWith('HTTP/1.1 101')) socket.destroy();
    });
    socket.once('error', reject);
    socket.once('close', () => {
      const [head = '', body = ''] = answer.split('\r\n\r\n');
      resolve({ status: head.split('\r\n')[0] ?? '', body });
    });
    const headers = [
      'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
      `Host: ${hostname}:${port}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      ...(origin === undefined ? [] : [`Origin: ${origin}`]),
    ];
    socket.write(`${headers.join('\r\n')}\r\n\r\n`);
  });
}

it.each([
  'https://evil.example',
  'null',
  'file://',
  '',
  'https://app.example.evil.example',
  'https://notapp.example',
  'https://evil.example/https://app.example',
  'https://app.example:8443',
  'http://app.example',
  'https://app.example/',
  'HTTPS://APP.EXAMPLE',
  'https://App.example',
  new URL('https://\u0430pp.example').origin,
  'https://app.example, https://app.example',
  'http://localhost',
])("refuses the origin '%s' with 403, before any CONNECT", async (origin) => {
  let asked = 0;
  const { authenticate } = admitting();
  const counting = admitting({ authenticate: (handshake) => (asked++, authenticate(handshake)) });
  const server = await TestServer.start(counting, { origins });
  expect(await upgrade(server.url, origin)).toEqual({ status: 'HTTP/1.1 403 Forbidden', body: 'origin-refused' });
  const client = server.connect('/chat', {}, { origin });
  expect(await client.answered).toBeUndefined();
  expect(asked).toBe(0);
  expect(server.counters()).toMatchObject({ open: 0, pending: 0, accepted: 0 });
});

it.each(origins)('lets the listed origin %s in', async (origin) => {
  const server = await TestServer.start(admitting(), { origins });
  expect((await upgrade(server.url, origin)).status).toBe('HTTP/1.1 101 Switching Protocols');
  const client = await server.raw({ origin });
  client.send(connectFrame('/chat', { subject: 'ann' }));
  expect(await client.frame(/^4[04]\/chat/)).toMatch(/^40/);
});

it('lets a client in that sends no Origin, as no browser does', async () => {
  const server = await TestServer.start(admitting(), { origins });
  expect((await upgrade(server.url)).status).toBe('HTTP/1.1 101 Switching Protocols');
});

it('lets no browser in where no origin is listed', async () => {
  const server = await TestServer.start(admitting());
  expect((await upgrade(server.url, server.url)).status).toBe('HTTP/1.1 403 Forbidden');
});

describe('origins that could not be meant stop the start, by a message that names the value', () => {
  const strategy = testStrategy(admitting());
  const starting = (given: unknown, of = strategy) => {
    const options = { secret: 'the secret of a test, long enough', directory: new MemoryDirectory() };
    return () => WsAuthModule.forRoot({ strategy: of, ...options, origins: given as string[] });
  };

  it.each([
    ['a bare string', 'https://app.example', 'must be an array'],
    ['a path', ['https://app.example/chat'], 'scheme://host'],
    ['a trailing slash', ['https://app.example/'], 'scheme://host'],
    ['a host alone', ['app.example'], 'scheme://host'],
    ['a wildcard', ['https://*.example'], 'no wildcards'],
    ['nothing but a wildcard', ['*'], 'no wildcards'],
    ['the origin of a sandbox', ['null'], 'sandboxed'],
    ['capital letters', ['https://App.example'], 'List "https://app.example"'],
    ['the default port', ['https://app.example:443'], 'List "https://app.example"'],
    ['an impossible port', ['https://app.example:99999'], 'not a valid origin'],
    ['a number', [7], 'must be a string'],
    ['any in a list', ['any'], 'scheme://host'],
  ])('%s', (_, given, cause) => {
    expect(starting(given)).toThrow(ConfigurationError);
    expect(starting(given)).toThrow(cause);
    expect(starting(given)).toThrow(JSON.stringify(Array.isArray(given) ? given[0] : given));
    expect(starting(given)).toThrow(expect.objectContaining({ code: 'ERR_ORIGINS' }));
  });

  it.each([[[]], [['https://app.example', 'http://localhost:5173', 'http://[::1]:3000', 'capacitor://localhost']]])(
    '%j does not',
    (given) => {
      expect(starting(given)).not.toThrow();
    },
  );

  it('any origin is for a strategy without a cookie', async () => {
    expect(starting('any', await loadStrategy('handshake-only'))).not.toThrow();
    expect(starting('any', await loadStrategy('session'))).toThrow('cookie');
  });
});

it("lets every origin in where origins is 'any'", async () => {
  const server = await TestServer.start(admitting(), { origins: 'any' });
  expect((await upgrade(server.url, 'app://native.client')).status).toBe('HTTP/1.1 101 Switching Protocols');
});
