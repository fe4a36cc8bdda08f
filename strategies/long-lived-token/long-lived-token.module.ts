import { type DynamicModule, Module } from '@nestjs/common';
import { tokenModule } from '../shared/tokens/token.module.ts';
import type { StrategyOptions } from '../strategy.ts';
import { HardenedLongLivedTokenAuthenticator, LongLivedTokenAuthenticator } from './long-lived-token.authenticator.ts';

@Module({})
export class LongLivedTokenModule {
  static with(options: StrategyOptions): DynamicModule {
    const Chosen = options.variant === 'hardened' ? HardenedLongLivedTokenAuthenticator : LongLivedTokenAuthenticator;
    return tokenModule(LongLivedTokenModule, options, (tokens) => new Chosen(tokens, options));
  }
}
