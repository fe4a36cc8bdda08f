import { type DynamicModule, Inject, type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import { AuthHttpModule } from '../shared/http/auth-http.module.ts';
import { COOKIE_ORIGINS } from '../shared/http/cookies.ts';
import { Authenticator, type StrategyOptions } from '../strategy.ts';
import { HardenedSessionAuthenticator, SessionAuthenticator } from './session.authenticator.ts';
import { SessionController } from './session.controller.ts';
import { Sessions } from './sessions.ts';

@Module({})
export class SessionModule implements NestModule {
  constructor(@Inject(Sessions) private readonly sessions: Sessions) {}

  static with(options: StrategyOptions): DynamicModule {
    return {
      module: SessionModule,
      imports: [AuthHttpModule.with(options.clock)],
      controllers: [SessionController],
      providers: [
        { provide: COOKIE_ORIGINS, useValue: options.origins ?? [] },
        { provide: Sessions, useFactory: () => new Sessions(options) },
        {
          provide: Authenticator,
          inject: [Sessions],
          useFactory: (sessions: Sessions) =>
            options.variant === 'hardened'
              ? new HardenedSessionAuthenticator(sessions, options)
              : new SessionAuthenticator(sessions),
        },
      ],
      exports: [Authenticator, Sessions],
    };
  }

  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(this.sessions.middleware).forRoutes('{*path}');
  }
}
