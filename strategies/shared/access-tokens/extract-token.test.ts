import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { cookieOf } from './cookie.ts';
import { firstOf, fromAuth, fromCookie, fromHeader, fromQuery } from './extract-token.ts';

const handshake = ({ auth = {}, headers = {}, url = '/' }: { auth?: object; headers?: object; url?: string }) =>
  ({ auth, request: { headers, url } }) as never;

describe('a token is found', () => {
  it.each([
    ['in auth', fromAuth(), { auth: { token: 'abc' } }],
    ['in auth, under another name', fromAuth('access'), { auth: { access: 'abc' } }],
    ['in auth, behind the word Bearer', fromAuth(), { auth: { token: 'Bearer abc' } }],
    ['in the header Authorization', fromHeader(), { headers: { authorization: 'bearer  abc' } }],
    ['in a header of its own', fromHeader('X-Token'), { headers: { 'x-token': 'abc' } }],
    ['in a cookie', fromCookie('access_token'), { headers: { cookie: 'a=b; access_token=abc' } }],
    ['in the query', fromQuery(), { url: '/socket.io/?EIO=4&token=abc&transport=websocket' }],
  ] as const)('%s', (_, extract, given) => {
    expect(extract(handshake(given))).toBe('abc');
  });

  it.each([
    ['null', fromAuth(), { auth: { token: null } }],
    ['what is inherited', fromAuth('constructor'), { auth: {} }],
    ['an empty text', fromAuth(), { auth: { token: '' } }],
    ['a header that is missing', fromHeader(), {}],
    ['another cookie', fromCookie('access_token'), { headers: { cookie: 'token=abc' } }],
    ['a query without it', fromQuery(), { url: '/socket.io/?EIO=4' }],
  ] as const)('and not in %s', (_, extract, given) => {
    expect(extract(handshake(given))).toBeUndefined();
  });

  it.each([[['abc']], [7], [true], [{}]])('empty, and so invalid, in a value of another type: %j', (token) => {
    expect(firstOf([fromAuth(), fromHeader()])(handshake({ auth: { token } }))).toBe('');
  });

  it.each([
    ['of several of one name, the first', 'token=first; token=second', 'first'],
    ['encoded', 'token=a%20b', 'a b'],
  ])('in a cookie as the endpoints find it: %s', (_, cookie, value) => {
    const { request } = handshake({ headers: { cookie } }) as { request: IncomingMessage };
    expect([fromCookie('token')({ request } as never), cookieOf(request, 'token')]).toEqual([value, value]);
  });

  it('in a cookie is known as such, among others too', () => {
    expect(firstOf([fromAuth(), fromCookie('token')]).isCookie).toBe(true);
    expect(firstOf([fromAuth(), fromHeader()]).isCookie).toBe(false);
  });

  it('where the first of several finds it', () => {
    const extract = firstOf([fromAuth(), fromHeader(), fromQuery()]);
    const given = { headers: { authorization: 'Bearer header' }, url: '/?token=query' };
    expect(extract(handshake(given))).toBe('header');
    expect(extract(handshake({ ...given, auth: { token: 'auth' } }))).toBe('auth');
  });
});
