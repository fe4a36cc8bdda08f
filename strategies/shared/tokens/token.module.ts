import type { DynamicModule, Type } from '@nestjs/common';
import { Authenticator, type StrategyOptions } from '../../strategy.ts';
import { AuthHttpModule } from '../http/auth-http.module.ts';
import { TokenController } from './token.controller.ts';
import type { TokenFormat } from './token-issuer.ts';
import { TokenService } from './token-service.ts';

/** A module around `TokenService`, its HTTP half and one authenticator. Without a `format`, the tokens are JWTs. */
export function tokenModule(
  module: Type,
  options: StrategyOptions,
  authenticator: (tokens: TokenService, options: StrategyOptions) => Authenticator,
  format?: TokenFormat,
): DynamicModule {
  return {
    module,
    imports: [AuthHttpModule.with(options.clock)],
    controllers: [TokenController],
    providers: [
      { provide: TokenService, useFactory: () => new TokenService(options, format) },
      {
        provide: Authenticator,
        inject: [TokenService],
        useFactory: (tokens: TokenService) => authenticator(tokens, options),
      },
    ],
    exports: [Authenticator, TokenService],
  };
}
