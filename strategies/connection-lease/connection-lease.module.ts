import { type DynamicModule, Module } from '@nestjs/common';
import { ACCESS_TOKENS, type AccessTokens } from '../shared/tokens/access-tokens.ts';
import { AuthHttpModule } from '../shared/http/auth-http.module.ts';
import { TokenController } from '../shared/tokens/token.controller.ts';
import { tokenProviders } from '../shared/tokens/token.module.ts';
import { TokenService } from '../shared/tokens/token-service.ts';
import { Authenticator, STRATEGY_OPTIONS, type StrategyOptions, type StrategyWiring } from '../strategy.ts';
import { ConnectionLeaseAuthenticator } from './connection-lease.authenticator.ts';
import { CookieController } from './cookie.controller.ts';
import { LeaseEvents } from './lease-events.ts';

@Module({})
export class ConnectionLeaseModule {
  static with(wiring: StrategyWiring): DynamicModule {
    return {
      module: ConnectionLeaseModule,
      ...AuthHttpModule.half(wiring, { '': TokenController, '/cookie': CookieController }),
      providers: [
        LeaseEvents,
        // No weaker policy was ever published: both variants rotate and revoke.
        ...tokenProviders(undefined, (given) => ({ ...given, variant: 'hardened' })),
        {
          provide: Authenticator,
          inject: [ACCESS_TOKENS, STRATEGY_OPTIONS, LeaseEvents],
          useFactory: (tokens: AccessTokens, given: StrategyOptions, events: LeaseEvents) =>
            new ConnectionLeaseAuthenticator(tokens, given, events),
        },
      ],
      exports: [Authenticator, TokenService, ACCESS_TOKENS, LeaseEvents],
    };
  }
}
