import type { IncomingMessage, ServerResponse } from 'node:http';
import { type CanActivate, type ExecutionContext, Inject, Injectable, Logger, Optional } from '@nestjs/common';
import type { Principal } from '../../strategy.ts';
import { AuthError, ConfigurationError, StoreError } from '../errors.ts';
import { answer } from '../http/answers.ts';
import { ACCESS_TOKENS, type AccessTokens } from './access-tokens.ts';

const logger = new Logger('HttpAuthGuard');

/**
 * `@UseGuards(HttpAuthGuard)` on a controller: its routes take the access token that opens connections, as
 * `Authorization: Bearer ...`. The principal is `request.user` then. A refusal is an HTTP error whose body is the notice.
 */
@Injectable()
export class HttpAuthGuard implements CanActivate {
  readonly #tokens: AccessTokens;

  /** @throws ConfigurationError `ERR_HTTP_GUARD` for a strategy without access tokens */
  constructor(@Optional() @Inject(ACCESS_TOKENS) tokens?: AccessTokens) {
    if (tokens === undefined) {
      throw new ConfigurationError(
        'ERR_HTTP_GUARD',
        'HttpAuthGuard is for strategies with access tokens, and this one has none. Guard its routes with your own session',
      );
    }
    this.#tokens = tokens;
  }

  canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<IncomingMessage & { user?: Principal }>();
    const response = http.getResponse<ServerResponse & { readonly raw?: ServerResponse }>();
    // Fastify wraps Node's response, and Express extends it.
    return answer(response.raw ?? response, async () => {
      request.user = await this.#principalFor(/^bearer +(.+)$/i.exec(request.headers.authorization ?? '')?.[1]);
      return true;
    });
  }

  async #principalFor(token: string | undefined): Promise<Principal> {
    try {
      return await this.#tokens.requireCurrentPrincipal(await this.#tokens.verifyAccess(token));
    } catch (error) {
      if (error instanceof AuthError || error instanceof StoreError) throw error;
      logger.error(`An access token could not be verified: ${error instanceof Error ? error.name : typeof error}`);
      throw new AuthError('unavailable', { cause: error });
    }
  }
}
