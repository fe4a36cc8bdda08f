import { type DynamicModule, Module } from '@nestjs/common';
import { Authenticator, type StrategyOptions } from '../strategy.ts';
import { NoAuthAuthenticator } from './_no-auth.authenticator.ts';

@Module({})
export class NoAuthModule {
  static with({ directory }: StrategyOptions): DynamicModule {
    return {
      module: NoAuthModule,
      providers: [{ provide: Authenticator, useFactory: () => new NoAuthAuthenticator(directory) }],
      exports: [Authenticator],
    };
  }
}
