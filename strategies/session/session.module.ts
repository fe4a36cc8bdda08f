import * as common from '@nestjs/common';
import { type DynamicModule, Inject, type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import { AuthHttpModule } from '../shared/http/auth-http.module.ts';
import { Authenticator, STRATEGY_OPTIONS, type StrategyOptions, type StrategyWiring } from '../strategy.ts';
import { ExternalSessionAuthenticator } from './external-session.authenticator.ts';
import { HardenedSessionAuthenticator, SessionAuthenticator } from './session.authenticator.ts';
import { SessionController } from './session.controller.ts';
import { Sessions } from './sessions.ts';

/** Nest 10 spells it in another way. `IntrinsicException` came with Nest 11. */
const EVERY_PATH = 'IntrinsicException' in common ? '{*path}' : '*';

@Module({})
export class SessionModule implements NestModule {
  constructor(@Inject(Sessions) private readonly sessions: Sessions | undefined) {}

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

  configure(consumer: MiddlewareConsumer): void {
    if (this.sessions !== undefined) consumer.apply(this.sessions.middleware).forRoutes(EVERY_PATH);
  }
}

function authenticatorFor(options: StrategyOptions, sessions: Sessions | undefined): Authenticator {
  const { session, variant } = options;
  if (session !== undefined) return new ExternalSessionAuthenticator(options, session);
  return variant === 'hardened'
    ? new HardenedSessionAuthenticator(sessions!, options)
    : new SessionAuthenticator(sessions!);
}
