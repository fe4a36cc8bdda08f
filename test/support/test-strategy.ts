import { Module } from '@nestjs/common';
import {
  type Authenticator as Decides,
  type Handshake,
  type Strategy,
  type AuthDecision,
  Authenticator,
  defineStrategy,
  type Variant,
} from '../../strategies/strategy.ts';

const variant: Variant = {
  summary: 'Whatever the test decides',
  clientDoes: 'Nothing',
  supports: { credential: false, cookie: false, renewal: 'none', issuesCredential: false, token: 'none' },
  deviations: {},
};

/** Admits whoever names itself in `auth.subject`, with the roles that it names; a test overrides what it is about. */
export const admitting = (overrides: Partial<Decides> = {}): Decides => ({
  authenticate({ auth }: Handshake): AuthDecision {
    const { subject = 'ann', roles = [] } = auth as { subject?: string; roles?: string[] };
    return { admitted: true, principal: { subject, roles } };
  },
  authorize: ({ admitted }) => admitted,
  ...overrides,
});

@Module({})
class TestStrategyModule {}

/** A strategy around any authenticator. */
export function testStrategy(authenticator: Decides): Strategy {
  return defineStrategy({
    id: 'test',
    role: 'template',
    title: 'Test',
    summary: variant.summary,
    httpEndpoints: [],
    variants: { 'as-published': variant, hardened: variant },
    module: () => ({
      module: TestStrategyModule,
      providers: [{ provide: Authenticator, useValue: authenticator }],
      exports: [Authenticator],
    }),
    client: () => import('../../strategies/_no-auth/client.ts'),
  });
}
