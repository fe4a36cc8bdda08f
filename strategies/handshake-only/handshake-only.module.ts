import { type DynamicModule, Module } from '@nestjs/common';
import { tokenModule } from '../shared/tokens/token.module.ts';
import type { StrategyWiring } from '../strategy.ts';
import { HandshakeOnlyAuthenticator, HardenedHandshakeOnlyAuthenticator } from './handshake-only.authenticator.ts';

@Module({})
export class HandshakeOnlyModule {
  static with(wiring: StrategyWiring): DynamicModule {
    return tokenModule(HandshakeOnlyModule, wiring, (tokens, options) => {
      const Chosen = options.variant === 'hardened' ? HardenedHandshakeOnlyAuthenticator : HandshakeOnlyAuthenticator;
      return new Chosen(tokens, options);
    });
  }
}
