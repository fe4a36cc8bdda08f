import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LeakError, Secrets } from '../audits/remote/secrets.ts';
import type { ServerReport } from '../audits/remote/verdict/report.ts';
import { formats, guarded } from '../audits/report/server/formats.ts';
import { cases, patience } from './fuzz/rounds.ts';

const server = { url: 'http://127.0.0.1:3000', namespace: '/chat', event: 'sendMessage' };
const reports = Object.values(formats);

/** What a server that repeats what it was sent may make of a text; written anew, and not taken from what is tested. */
function echoesOf(text: string): string[] {
  const json = JSON.stringify(text).slice(1, -1);
  const url = encodeURIComponent(Buffer.from(text).toString());
  const everyByte = Buffer.from(text).toString('hex').replace(/../g, '%$&');
  const units = Array.from(
    { length: text.length },
    (_, at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`,
  );
  const base64 = (of: string, as: 'base64' | 'base64url') => Buffer.from(of).toString(as).replaceAll('=', '');
  const html = text.replace(/[&<>"']/g, (one) => `&#x${one.charCodeAt(0).toString(16)};`);
  return [
    text, json, url, url.replaceAll('%20', '+'), everyByte, everyByte.toUpperCase(), units.join(''), html,
    text.toUpperCase(), text.toLowerCase(), JSON.stringify(json).slice(1, -1), encodeURIComponent(url),
    ...[text, json].flatMap((of) => [base64(of, 'base64'), base64(of, 'base64url'), Buffer.from(of).toString('hex')]),
    base64(`user:${text}`, 'base64'),
  ]; // prettier-ignore
}

/** A report with one finding, whose evidence is what the server has said. */
const reportOf = (said: readonly string[]): ServerReport => ({
  url: server.url,
  namespace: server.namespace,
  platform: 'socket.io',
  transport: 'websocket',
  control: 'The valid credential was admitted over websocket.',
  checks: [{ id: 'alive', group: 'the process', question: 'other', state: 'kept', note: said[0] ?? '' }],
  findings: [
    {
      id: 'stranger-acts',
      severity: 'critical',
      seen: `Expected: ${said[0]}`,
      checks: ['handle/none'],
      evidence: said.map((text, line) => `${line} ms < 42/chat,["echo","${text}"]`),
      reproduce: 'nothing',
      fingerprint: '00',
    },
  ],
  seconds: 1,
});

/** What every format tells of it; nothing where that could not be told without a part of it. */
function told(said: readonly string[], credential: object): string {
  const secrets = Secrets.of({ ...server, credential });
  return reports
    .map((report) => {
      try {
        return report(reportOf(said), secrets);
      } catch (error) {
        if (error instanceof LeakError) return '';
        throw error;
      }
    })
    .join('\n');
}

const found = (text: string, secrets: readonly string[]): string[] => secrets.filter((one) => text.includes(one));
/** What stands in every report is no secret of one. */
const everyReport = told([''], {});

const secret = fc.oneof(
  fc.string({ minLength: 4, unit: 'grapheme' }),
  fc.string({ minLength: 4, unit: 'binary' }),
  fc.base64String({ minLength: 8 }),
  fc.uuid(),
  fc.webUrl(),
  fc.string({ minLength: 24, maxLength: 200, unit: fc.constantFrom(...Array.from('abcXYZ019+/=-_.%&"\\ ')) }),
);
/** Any shape that goes into `io(url, ...)`, with one secret at an unknown place of it. */
const shape = fc.letrec<{ tree: (hidden: unknown) => unknown }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    fc.constant((hidden: unknown) => hidden),
    fc
      .tuple(fc.constantFrom('token', 'k', 'apiKey', 'x-api-key'), tie('tree'))
      .map(([key, of]) => (hidden: unknown) => ({ [key]: of(hidden), other: true, n: 1 })),
    tie('tree').map((of) => (hidden: unknown) => ['Bearer', null, of(hidden)]),
  ),
})).tree;

describe('no report holds a credential', () => {
  it('of any shape, in any encoding, in any format', { timeout: patience }, () => {
    fc.assert(
      fc.property(secret, shape, (hidden, shaped) => {
        const text = told(echoesOf(hidden), { auth: { it: shaped(hidden) } });
        const echoes = echoesOf(hidden).filter((echo) => echo.length >= 4 && !everyReport.includes(echo));
        expect(found(text, echoes)).toEqual([]);
      }),
      cases(150),
    );
  });

  it('in a header, in a cookie, in a part of one, or as a key', { timeout: patience }, () => {
    const unit = fc.constantFrom(...Array.from('abcdefXYZ0123456789+/_-'));
    // Not one of the names that no credential hides behind.
    const value = fc.string({ minLength: 3, maxLength: 40, unit }).map((rest) => `9q${rest}`);
    fc.assert(
      fc.property(value, (hidden) => {
        for (const credential of [
          { extraHeaders: { authorization: `Bearer ${hidden}` } },
          { extraHeaders: { authorization: `Basic ${Buffer.from(`ada:${hidden}`).toString('base64')}` } },
          { extraHeaders: { cookie: `a=1; sid=s%3A${encodeURIComponent(hidden)}.sig; b=2` } },
          { auth: { token: `eyJ.${hidden}.sig` } },
          { auth: { data: JSON.stringify({ pin: hidden }) } },
          { auth: { [hidden]: true } },
        ]) {
          const text = told(echoesOf(hidden), credential);
          expect(text).toContain('stranger-acts');
          expect(found(text, echoesOf(hidden))).toEqual([]);
        }
      }),
      cases(20),
    );
  });

  it('that is a number', () => {
    expect(
      found(told(['{"pin":471182}', '471182', btoa('471182')], { auth: { pin: 471_182 } }), ['471182', 'NDcxMTgy']),
    ).toEqual([]);
  });

  it('of which the server repeats a piece: any 8 characters of it', () => {
    const token = 'sk_live_51H8xQ2eZvKYlo2C0fJb9wT';
    for (let at = 0; at + 8 <= token.length; at++) {
      const piece = token.slice(at, at + 8);
      expect(told([`got ${piece}…`], { auth: { token } })).not.toContain(piece);
    }
  });

  it('that the server hands out in a frame of 1 MB, of which evidence keeps the beginning', () => {
    const secrets = new Secrets();
    const token = 'long-0123456789'.repeat(70_000);
    secrets.overhear(`42/chat,["auth:credential",{"token":"${token}"}]`);
    expect(secrets.redact(`{"token":"${token.slice(0, 1600)}"}`)).toBe('{"token":"***"}');
  });

  it('that the server hands out: in an issued credential, or under the name of a secret', () => {
    const secrets = new Secrets();
    secrets.overhear('42/chat,7["auth:credential",{"value":"granted-0451"}]');
    secrets.overhear('43/chat,1[{"user":{"sessionToken":"opened-7781"},"text":"not a secret"}]');
    expect(secrets.redact('granted-0451, opened-7781, not a secret')).toBe('***, ***, not a secret');
  });
});

describe('a report stays readable', () => {
  it('where a credential is short, trivial, or what the report names anyway', () => {
    const credential = {
      auth: { token: 'abc', ok: 'true', nothing: 'null', n: 7, room: '/chat', server: server.url, event: server.event },
    };
    const said = '1 > 42/chat,["sendMessage",{"ok":true,"n":7,"none":null,"token":"abc"}]';
    expect(Secrets.of({ ...server, credential }).redact(said)).toBe(said);
  });

  it('names of fields, headers and cookies are no secrets; what stands under them is', () => {
    const secrets = Secrets.of({
      ...server,
      credential: {
        auth: { apiKey: 'k-0123' },
        extraHeaders: { cookie: 'connect.sid=s-45678901', 'X-Api-Key': 'h-8901' },
      },
    });
    expect(secrets.redact('{"apiKey":"k-0123"} cookie: s-45678901 x-api-key: h-8901')).toBe(
      '{"apiKey":"***"} cookie: *** x-api-key: ***',
    );
  });

  it('a credential that reads like a word of every report hides no finding', () => {
    const secrets = Secrets.of({ ...server, credential: { auth: { password: 'without a valid' } } });
    for (const report of reports) {
      const text = report(reportOf(['who said without a valid?']), secrets);
      expect(text).toContain('stranger-acts');
      expect(text).toContain('who said ***?');
    }
  });
});

describe('a part of a credential that is left in a report', () => {
  const credential = { auth: { token: 'tok_live_0123456789' } };

  it.each([
    'tok_live_0123456789',
    'TOK_LIVE_0123',
    'dG9rX2xpdmVfMDEyMzQ1Njc4OQ',
    '746f6b5f6c6976655f',
    '%74ok_live_01',
  ])('stops the report: %s', (left) => {
    const leaky = guarded(({ url, findings: [finding] }) => `${url} ${finding!.seen === '' ? '' : left}`);
    expect(() => leaky(reportOf(['quiet']), Secrets.of({ ...server, credential }))).toThrow(LeakError);
  });

  it('is not repeated by what is said of it', () => {
    expect(new LeakError().message).toMatch(/^No report was written, because part of a credential was still in it/);
  });
});
