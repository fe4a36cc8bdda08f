import { type DynamicModule, Module } from '@nestjs/common';
import { tokenModule } from '../shared/tokens/token.module.ts';
import type { StrategyWiring } from '../strategy.ts';
import { HardenedAuthenticator, TemplateAuthenticator } from './_template-jwt.authenticator.ts';

@Module({})
export class TemplateModule {
  static with(wiring: StrategyWiring): DynamicModule {
    return tokenModule(TemplateModule, wiring, (tokens, options) => {
      const Chosen = options.variant === 'hardened' ? HardenedAuthenticator : TemplateAuthenticator;
      return new Chosen(tokens, options);
    });
  }
}
