import type { DynamicModule, Provider, Type } from '@nestjs/common';
import { Authenticator, STRATEGY_OPTIONS, type StrategyOptions, type StrategyWiring } from '../../strategy.ts';
import { ACCESS_TOKENS, type AccessTokens } from './access-tokens.ts';
import { ExternalTokens } from './external-tokens.ts';
import { AuthHttpModule } from '../http/auth-http.module.ts';
import { TokenController } from './token.controller.ts';
import type { TokenFormat } from './token-issuer.ts';
import { TokenService } from './token-service.ts';

/** Makes the tokens' format; the default is JWTs. */
export type MakeFormat = (options: StrategyOptions) => TokenFormat;

/** Provides `ACCESS_TOKENS`, and also `TokenService` if the kit issues the tokens. */
export const tokenProviders = (
  format?: MakeFormat,
  own: (options: StrategyOptions) => StrategyOptions = (options) => options,
): Provider[] => [
  {
    provide: ACCESS_TOKENS,
    inject: [STRATEGY_OPTIONS],
    useFactory: (options: StrategyOptions): AccessTokens =>
      options.accessTokens === undefined
        ? new TokenService(own(options), format?.(options))
        : new ExternalTokens(own(options), options.accessTokens),
  },
  {
    provide: TokenService,
    inject: [ACCESS_TOKENS],
    useFactory: (tokens: AccessTokens) => (tokens instanceof TokenService ? tokens : undefined),
  },
];

/** A module around the tokens, their HTTP half and one authenticator. Without a `format`, the tokens are JWTs. */
export function tokenModule(
  module: Type,
  wiring: StrategyWiring,
  authenticator: (tokens: AccessTokens, options: StrategyOptions) => Authenticator,
  format?: MakeFormat,
): DynamicModule {
  return {
    module,
    ...AuthHttpModule.half(wiring, { '': TokenController }),
    providers: [
      ...tokenProviders(format),
      { provide: Authenticator, inject: [ACCESS_TOKENS, STRATEGY_OPTIONS], useFactory: authenticator },
    ],
    exports: [Authenticator, TokenService, ACCESS_TOKENS],
  };
}
