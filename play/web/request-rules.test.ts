import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { hostsOf, isLoopback, refusedBy } from './request-rules.ts';

const hosts = hostsOf('127.0.0.1', 4100);
const request = (method: string, headers: Record<string, string>): IncomingMessage =>
  ({ method, headers: { host: '127.0.0.1:4100', ...headers } }) as unknown as IncomingMessage;

const own = 'http://127.0.0.1:4100';
const cases: [string, string, Record<string, string>, number | undefined][] = [
  ['the page', 'GET', {}, undefined],
  ['the page by the name of this machine', 'GET', { host: 'localhost:4100' }, undefined],
  ['a link of another site to the page', 'GET', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }, undefined],
  ['a script of the page', 'GET', { 'sec-fetch-site': 'same-origin' }, undefined],
  ['a button of the page', 'POST', { origin: own }, undefined],
  ['a name that a stranger points here', 'GET', { host: 'evil.example:4100' }, 421],
  ['another port', 'GET', { host: '127.0.0.1:80' }, 421],
  ['no host', 'GET', { host: '' }, 421],
  ['what another site includes', 'GET', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }, 403],
  ['what another site reads', 'GET', { origin: 'https://evil.example' }, 403],
  ['what a page on another port reads', 'GET', { 'sec-fetch-site': 'same-site' }, 403],
  ['a button of another site', 'POST', { origin: 'https://evil.example' }, 403],
  ['a button of a page on another port', 'POST', { origin: 'http://127.0.0.1:4101' }, 403],
  ['a button without an origin', 'POST', {}, 403],
  ['a button of a file', 'POST', { origin: 'null' }, 403],
  ['another method', 'DELETE', { origin: own }, 405],
]; // prettier-ignore

describe('a request', () => {
  it.each(cases)('%s', (_, method, headers, status) => {
    expect(refusedBy(request(method, headers), hosts)).toBe(status);
  });
});

it('only this machine reaches a loopback address', () => {
  expect(['127.0.0.1', 'localhost', '::1'].map(isLoopback)).toEqual([true, true, true]);
  expect(['0.0.0.0', '192.168.1.4', '::', 'example.org'].map(isLoopback)).toEqual([false, false, false, false]);
  expect(hostsOf('0.0.0.0', 1).has('127.0.0.1:1')).toBe(true);
  expect(hostsOf('::1', 1).has('[::1]:1')).toBe(true);
});
