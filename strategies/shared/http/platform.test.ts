import { expect, it } from 'vitest';
import { hostOf, type HttpRequest } from './platform.ts';

const sent = { host: 'app.example:3000' };

it.each<[string, Partial<HttpRequest>, string]>([
  ['Express 5 and Fastify 5', { headers: sent, host: 'app.example:3000' }, 'app.example:3000'],
  ['Express 4, whose `host` has no port', { headers: sent, host: 'app.example' }, 'app.example:3000'],
  ['Fastify 4, which has no `host`', { headers: sent, hostname: 'app.example:3000' }, 'app.example:3000'],
  [
    'a proxy that is trusted',
    { headers: { host: 'inside:3000', 'x-forwarded-host': 'app.example' }, host: 'app.example' },
    'app.example',
  ],
  [
    'a proxy that is not trusted',
    { headers: { ...sent, 'x-forwarded-host': 'evil.example' }, host: 'app.example:3000' },
    'app.example:3000',
  ],
  ['HTTP/2, which sends no header Host', { headers: {}, host: 'app.example' }, 'app.example'],
])('the host of a request has its port, with %s', (_, request, host) => {
  expect(hostOf(request as HttpRequest)).toBe(host);
});
