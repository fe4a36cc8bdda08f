import { type DynamicModule, Module } from '@nestjs/common';
import { tokenModule } from '../shared/tokens/token.module.ts';
import type { StrategyWiring } from '../strategy.ts';
import { HardenedLongLivedTokenAuthenticator, LongLivedTokenAuthenticator } from './long-lived-token.authenticator.ts';

@Module({})
export class LongLivedTokenModule {
  static with(wiring: StrategyWiring): DynamicModule {
    return tokenModule(LongLivedTokenModule, wiring, (tokens, options) => {
      const Chosen = options.variant === 'hardened' ? HardenedLongLivedTokenAuthenticator : LongLivedTokenAuthenticator;
      return new Chosen(tokens, options);
    });
  }
}
