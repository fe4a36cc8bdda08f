import { type DynamicModule, Module } from '@nestjs/common';
import { AuthHttpModule } from '../shared/http/auth-http.module.ts';
import { COOKIE_ORIGINS } from '../shared/http/cookies.ts';
import { TokenController } from '../shared/tokens/token.controller.ts';
import { TokenService } from '../shared/tokens/token-service.ts';
import { Authenticator, type StrategyOptions } from '../strategy.ts';
import { ConnectionLeaseAuthenticator } from './connection-lease.authenticator.ts';
import { CookieController } from './cookie.controller.ts';
import { LeaseMetrics } from './metrics.ts';

@Module({})
export class ConnectionLeaseModule {
  static with(options: StrategyOptions): DynamicModule {
    return {
      module: ConnectionLeaseModule,
      imports: [AuthHttpModule.with(options.clock)],
      controllers: [TokenController, CookieController],
      providers: [
        LeaseMetrics,
        { provide: COOKIE_ORIGINS, useValue: options.origins ?? [] },
        // No weaker policy was ever published: both variants rotate and revoke.
        { provide: TokenService, useFactory: () => new TokenService({ ...options, variant: 'hardened' }) },
        {
          provide: Authenticator,
          inject: [TokenService, LeaseMetrics],
          useFactory: (tokens: TokenService, metrics: LeaseMetrics) =>
            new ConnectionLeaseAuthenticator(tokens, options, metrics),
        },
      ],
      exports: [Authenticator, TokenService, LeaseMetrics],
    };
  }
}
