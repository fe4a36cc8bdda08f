import { describe, expect, it } from 'vitest';
import { forge, withCredential } from './forgery.ts';

describe('a forged credential', () => {
  it.each([
    [
      'a token in the payload',
      { auth: { token: 'head.body.sig-nature' } },
      { auth: { token: 'head.body.Aig-nature' } },
    ],
    [
      'a token in a header',
      { extraHeaders: { authorization: 'Bearer head.body.Abc' } },
      { extraHeaders: { authorization: 'Bearer head.body.Bbc' } },
    ],
    [
      'a signed cookie',
      { extraHeaders: { cookie: 'connect.sid=s%3Aan-id.signature' } },
      { extraHeaders: { cookie: 'connect.sid=s%3Aan-id.Aignature' } },
    ],
    ['an opaque token', { auth: { token: 'x'.repeat(43) } }, { auth: { token: `A${'x'.repeat(42)}` } }],
    ['nothing that is signed', { auth: { subject: 'ada' } }, { auth: { subject: 'ada' } }],
  ])('differs in one character: %s', (_, carried, forged) => {
    expect(withCredential(carried, forge)).toEqual(forged);
  });
});
