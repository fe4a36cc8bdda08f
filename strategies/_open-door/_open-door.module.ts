import { type DynamicModule, Module } from '@nestjs/common';
import { Authenticator, type StrategyOptions } from '../strategy.ts';
import { OpenDoorAuthenticator } from './_open-door.authenticator.ts';

@Module({})
export class OpenDoorModule {
  static with({ directory }: StrategyOptions): DynamicModule {
    return {
      module: OpenDoorModule,
      providers: [{ provide: Authenticator, useFactory: () => new OpenDoorAuthenticator(directory) }],
      exports: [Authenticator],
    };
  }
}
