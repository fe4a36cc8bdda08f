import { type DynamicModule, Module } from '@nestjs/common';
import { tokenModule } from '../shared/tokens/token.module.ts';
import type { StrategyOptions } from '../strategy.ts';
import { AccessRefreshAuthenticator, HardenedAccessRefreshAuthenticator } from './access-refresh.authenticator.ts';

@Module({})
export class AccessRefreshModule {
  static with(options: StrategyOptions): DynamicModule {
    return tokenModule(AccessRefreshModule, options, (tokens) =>
      options.variant === 'hardened'
        ? new HardenedAccessRefreshAuthenticator(tokens, options)
        : new AccessRefreshAuthenticator(tokens),
    );
  }
}
