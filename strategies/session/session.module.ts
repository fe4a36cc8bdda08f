import { type DynamicModule, Inject, Module, type NestModule } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { AuthHttpModule } from '../shared/http/auth-http.module.ts';
import { Authenticator, STRATEGY_OPTIONS, type StrategyOptions, type StrategyWiring } from '../strategy.ts';
import { ExternalSessionAuthenticator } from './external-session.authenticator.ts';
import { HardenedSessionAuthenticator, SessionAuthenticator } from './session.authenticator.ts';
import { SessionController } from './session.controller.ts';
import { Sessions } from './sessions.ts';

@Module({})
export class SessionModule implements NestModule {
  constructor(
    @Inject(Sessions) private readonly sessions: Sessions | undefined,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
  ) {}

  static with(wiring: StrategyWiring): DynamicModule {
    return {
      module: SessionModule,
      ...AuthHttpModule.half(wiring, { '': SessionController }),
      providers: [
        {
          provide: Sessions,
          inject: [STRATEGY_OPTIONS],
          useFactory: (given: StrategyOptions) => (given.session === undefined ? new Sessions(given) : undefined),
        },
        { provide: Authenticator, inject: [STRATEGY_OPTIONS, Sessions], useFactory: authenticatorFor },
      ],
      exports: [Authenticator, Sessions],
    };
  }

  /** Without a pattern, which the versions of Nest would spell differently. */
  configure(): void {
    if (this.sessions !== undefined) this.host.httpAdapter.use(this.sessions.middleware);
  }
}

function authenticatorFor(options: StrategyOptions, sessions: Sessions | undefined): Authenticator {
  const { session, variant } = options;
  if (session !== undefined) return new ExternalSessionAuthenticator(options, session);
  return variant === 'hardened'
    ? new HardenedSessionAuthenticator(sessions!, options)
    : new SessionAuthenticator(sessions!);
}
