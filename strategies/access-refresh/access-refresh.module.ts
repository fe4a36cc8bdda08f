import { type DynamicModule, Module } from '@nestjs/common';
import { tokenModule } from '../shared/tokens/token.module.ts';
import type { StrategyWiring } from '../strategy.ts';
import { AccessRefreshAuthenticator, HardenedAccessRefreshAuthenticator } from './access-refresh.authenticator.ts';

@Module({})
export class AccessRefreshModule {
  static with(wiring: StrategyWiring): DynamicModule {
    return tokenModule(AccessRefreshModule, wiring, (tokens, options) => {
      const Chosen = options.variant === 'hardened' ? HardenedAccessRefreshAuthenticator : AccessRefreshAuthenticator;
      return new Chosen(tokens, options);
    });
  }
}
