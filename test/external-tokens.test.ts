import { FastifyAdapter } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Audit, notApplicable } from '../audits/engine/audit.ts';
import { audits } from '../audits/engine/catalogue.ts';
import { subjectOf } from '../audits/engine/subject.ts';
import type { AppOptions } from '../harness/app/app.ts';
import { loadStrategies } from '../strategies/registry.ts';
import { withOwnLogin } from './support/external-client.ts';
import { ExternalIssuer, type TokenKind, tokenKinds } from './support/external-issuer.ts';

const strategies = (await loadStrategies()).filter(
  ({ takes, role }) => takes === 'accessTokens' && role === 'strategy',
);

const platforms: Readonly<Record<string, Partial<AppOptions>>> = {
  Express: {},
  Fastify: { platform: () => new FastifyAdapter() },
};

/** Promises that the application must keep, not the kit. The tests expect them to fail, so the list cannot go out of date. */
const ofTheApplication: readonly {
  readonly ids: readonly string[];
  readonly kinds: readonly TokenKind[];
  readonly why: string;
}[] = [
  { ids: ['security-log', 'ban-outruns-directory'], kinds: tokenKinds, why: 'the application signs users in' },
  { ids: ['key-rotation'], kinds: ['own JWT', 'RS256 by JWKS', 'ES256 by JWKS'], why: 'the issuer has the keys' },
  { ids: ['unknown-kid-flood'], kinds: ['own JWT'], why: 'jsonwebtoken verifies with the one key that it is given' },
  { ids: ['required-claims'], kinds: ['own JWT'], why: 'a token without an id is told apart by its hash' },
  { ids: ['claim-type-fuzz'], kinds: ['own JWT'], why: 'roles of another shape count as no roles' },
];

/** A busy machine may be slow. */
const slow = { timeout: 60_000 };

const platformNames = Object.keys(platforms);
const cases = tokenKinds.flatMap((kind) =>
  strategies.flatMap((strategy) => platformNames.map((platform) => ({ strategy, kind, platform }))),
);
type Case = (typeof cases)[number];

const applies = (audit: Audit, { strategy, kind }: Omit<Case, 'platform'>): boolean =>
  notApplicable(audit, withOwnLogin(strategy, kind), 'hardened') === undefined;

/** The tokens of a provider differ only in the algorithm of its key. */
const sampledKinds: readonly (readonly TokenKind[])[] = [['own JWT'], ['RS256 by JWKS', 'ES256 by JWKS'], ['opaque']];

/** Three combinations for each promise: the next promise takes others. */
const sampleOf = (audit: Audit, at: number): readonly Case[] =>
  sampledKinds.flatMap((kinds, index) => {
    const kind = kinds[Math.floor(at / 2) % kinds.length]!;
    const possible = strategies.filter((strategy) => applies(audit, { strategy, kind }));
    const strategy = possible[(at + index) % possible.length];
    return strategy === undefined ? [] : [{ strategy, kind, platform: platformNames[(at + index) % 2]! }];
  });
const samples = new Map(audits.map((audit, at) => [audit, sampleOf(audit, at)]));

/** The promises that a combination is held to. `npm run soak` holds each combination to all of them. */
const auditsOf = (one: Case): readonly Audit[] =>
  audits.filter((audit) =>
    process.env['SOAK'] === undefined
      ? samples.get(audit)!.some((each) => keyOf(each) === keyOf(one))
      : applies(audit, one),
  );
const keyOf = ({ strategy, kind, platform }: Case): string => [strategy.id, kind, platform].join();

it('no promise and no combination is left out', () => {
  const left = audits.filter((audit) => cases.some((one) => applies(audit, one)) && samples.get(audit)!.length === 0);
  expect(left).toEqual([]);
  expect(cases.filter((one) => auditsOf(one).length === 0)).toEqual([]);
});

describe.each(cases)(
  '$strategy.id, hardened, with access tokens of the application ($kind) on $platform',
  slow,
  (one) => {
    const { kind, platform } = one;
    const strategy = withOwnLogin(one.strategy, kind);
    let issuer: ExternalIssuer;
    beforeAll(async () => {
      issuer = await ExternalIssuer.start(kind);
    });
    afterAll(() => issuer.stop());

    for (const audit of auditsOf(one)) {
      const other = ofTheApplication.find(({ ids, kinds }) => ids.includes(audit.id) && kinds.includes(kind));
      const test = other === undefined ? it : it.fails;
      test(`${audit.id}: ${other?.why ?? audit.promise}`, async ({ onTestFinished }) => {
        const options = (given: AppOptions) => issuer.optionsOf({ ...platforms[platform], ...given });
        const { subject, dispose } = subjectOf(strategy, 'hardened', { options });
        onTestFinished(dispose);
        await audit.inside(subject);
      });
    }
  },
);
