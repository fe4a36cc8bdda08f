import { FastifyAdapter } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { notApplicable } from '../audits/engine/audit.ts';
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

const cases = tokenKinds.flatMap((kind, at) =>
  strategies.flatMap((strategy, of) =>
    Object.keys(platforms).map((platform, on) => ({ strategy, kind, platform, inTests: (at + of + on) % 4 === 0 })),
  ),
);
// A quarter of all combinations contains every strategy, kind and platform. `npm run soak` runs all combinations.
const chosen = cases.filter(({ inTests }) => inTests || process.env['SOAK'] !== undefined);

describe.each(chosen)('$strategy.id, hardened, with access tokens of the application ($kind) on $platform', (one) => {
  const { kind, platform } = one;
  const strategy = withOwnLogin(one.strategy, kind);
  let issuer: ExternalIssuer;
  beforeAll(async () => {
    issuer = await ExternalIssuer.start(kind);
  });
  afterAll(() => issuer.stop());

  for (const audit of audits) {
    if (notApplicable(audit, strategy, 'hardened') !== undefined) continue;
    const other = ofTheApplication.find(({ ids, kinds }) => ids.includes(audit.id) && kinds.includes(kind));
    const test = other === undefined ? it : it.fails;
    test(`${audit.id}: ${other?.why ?? audit.promise}`, async ({ onTestFinished }) => {
      const options = (given: AppOptions) => issuer.optionsOf({ ...platforms[platform], ...given });
      const { subject, dispose } = subjectOf(strategy, 'hardened', { options });
      onTestFinished(dispose);
      await audit.inside(subject);
    });
  }
});
