import { type DynamicModule, Module } from '@nestjs/common';
import { tokenModule } from '../shared/tokens/token.module.ts';
import type { StrategyOptions } from '../strategy.ts';
import { HardenedAuthenticator, TemplateAuthenticator } from './_template-jwt.authenticator.ts';

@Module({})
export class TemplateModule {
  static with(options: StrategyOptions): DynamicModule {
    const Chosen = options.variant === 'hardened' ? HardenedAuthenticator : TemplateAuthenticator;
    return tokenModule(TemplateModule, options, (tokens) => new Chosen(tokens));
  }
}
