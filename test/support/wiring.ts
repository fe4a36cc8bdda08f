import { Module } from '@nestjs/common';
import { fromAuth } from '../../strategies/shared/access-tokens/index.ts';
import { STRATEGY_OPTIONS, type StrategyOptions, type StrategyWiring } from '../../strategies/strategy.ts';

@Module({})
class GivenOptions {}

/** Builds the parameters that `WsAuthModule` gives to a strategy's module, for a test of that module alone. */
export const wiringOf = (options: Omit<StrategyOptions, 'extractToken'>): StrategyWiring => ({
  options: {
    module: GivenOptions,
    providers: [{ provide: STRATEGY_OPTIONS, useValue: { extractToken: fromAuth(), ...options } }],
    exports: [STRATEGY_OPTIONS],
  },
  http: { path: 'auth', decorators: [] },
});
