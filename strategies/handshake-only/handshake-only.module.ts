import { type DynamicModule, Module } from '@nestjs/common';
import { tokenModule } from '../shared/tokens/token.module.ts';
import type { StrategyOptions } from '../strategy.ts';
import { HandshakeOnlyAuthenticator, HardenedHandshakeOnlyAuthenticator } from './handshake-only.authenticator.ts';

@Module({})
export class HandshakeOnlyModule {
  static with(options: StrategyOptions): DynamicModule {
    const Chosen = options.variant === 'hardened' ? HardenedHandshakeOnlyAuthenticator : HandshakeOnlyAuthenticator;
    return tokenModule(HandshakeOnlyModule, options, (tokens) => new Chosen(tokens));
  }
}
