import { type DynamicModule, Module } from '@nestjs/common';
import { ACCESS_TOKENS, type AccessTokens } from '../shared/tokens/access-tokens.ts';
import { AuthHttpModule } from '../shared/http/auth-http.module.ts';
import { TokenController } from '../shared/tokens/token.controller.ts';
import { tokenProviders } from '../shared/tokens/token.module.ts';
import { TokenService } from '../shared/tokens/token-service.ts';
import { Authenticator, STRATEGY_OPTIONS, type StrategyOptions, type StrategyWiring } from '../strategy.ts';
import { ConnectionLeaseAuthenticator } from './connection-lease.authenticator.ts';
import { CookieController } from './cookie.controller.ts';
import { LeaseMetrics } from './metrics.ts';

@Module({})
export class ConnectionLeaseModule {
  static with(wiring: StrategyWiring): DynamicModule {
    return {
      module: ConnectionLeaseModule,
      ...AuthHttpModule.half(wiring, { '': TokenController, '/cookie': CookieController }),
      providers: [
        LeaseMetrics,
        // No weaker policy was ever published: both variants rotate and revoke.
        ...tokenProviders(undefined, (given) => ({ ...given, variant: 'hardened' })),
        {
          provide: Authenticator,
          inject: [ACCESS_TOKENS, STRATEGY_OPTIONS, LeaseMetrics],
          useFactory: (tokens: AccessTokens, given: StrategyOptions, metrics: LeaseMetrics) =>
            new ConnectionLeaseAuthenticator(tokens, given, metrics),
        },
      ],
      exports: [Authenticator, TokenService, ACCESS_TOKENS, LeaseMetrics],
    };
  }
}
