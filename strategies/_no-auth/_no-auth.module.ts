import { type DynamicModule, Module } from '@nestjs/common';
import { requireDirectory } from '../shared/accounts/directory.ts';
import { Authenticator, STRATEGY_OPTIONS, type StrategyOptions, type StrategyWiring } from '../strategy.ts';
import { NoAuthAuthenticator } from './_no-auth.authenticator.ts';

@Module({})
export class NoAuthModule {
  static with({ options }: StrategyWiring): DynamicModule {
    return {
      module: NoAuthModule,
      imports: [options],
      providers: [
        {
          provide: Authenticator,
          inject: [STRATEGY_OPTIONS],
          useFactory: (given: StrategyOptions) => new NoAuthAuthenticator(requireDirectory(given)),
        },
      ],
      exports: [Authenticator],
    };
  }
}
