import type { DynamicModule, Type } from '@nestjs/common';
import { Authenticator, type StrategyOptions } from '../../strategy.ts';
import { AuthHttpModule } from '../http/auth-http.module.ts';
import { TokenController } from './token.controller.ts';
import { TokenService } from './token-service.ts';

/** A module around `TokenService`, its HTTP half and one authenticator. */
export function tokenModule(
  module: Type,
  options: StrategyOptions,
  authenticator: (tokens: TokenService, options: StrategyOptions) => Authenticator,
): DynamicModule {
  return {
    module,
    imports: [AuthHttpModule.with(options.clock)],
    controllers: [TokenController],
    providers: [
      { provide: TokenService, useFactory: () => new TokenService(options) },
      {
        provide: Authenticator,
        inject: [TokenService],
        useFactory: (tokens: TokenService) => authenticator(tokens, options),
      },
    ],
    exports: [Authenticator, TokenService],
  };
}
