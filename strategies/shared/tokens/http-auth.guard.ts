import type { IncomingMessage } from 'node:http';
import { type CanActivate, type ExecutionContext, Inject, Injectable, Logger, Optional } from '@nestjs/common';
import type { Principal } from '../../strategy.ts';
import { systemClock } from '../clock.ts';
import { ConcurrencyLimiter } from '../concurrency-limiter.ts';
import { AuthError, ConfigurationError, StoreError } from '../errors.ts';
import { inTime } from '../in-time.ts';
import { answer } from '../http/answers.ts';
import type { HttpResponse } from '../http/platform.ts';
import { ACCESS_TOKENS, type AccessTokens } from './access-tokens.ts';

/** One more than may wait is refused as `unavailable`. */
const CHECKS = { atOnce: 64, waiting: 1000 };
/** How long one may take, in ms. */
const LONGEST_CHECK = 10_000;
const logger = new Logger('HttpAuthGuard');

/**
 * `@UseGuards(HttpAuthGuard)` on a controller: its routes accept the same access tokens as the connections, sent as
 * `Authorization: Bearer ...`. Sets `request.user` to the principal. A refusal is an HTTP error with the notice as its body.
 */
@Injectable()
export class HttpAuthGuard implements CanActivate {
  readonly #tokens: AccessTokens;
  readonly #checks = new ConcurrencyLimiter(CHECKS);

  /** @throws ConfigurationError `ERR_HTTP_GUARD` for a strategy without access tokens */
  constructor(@Optional() @Inject(ACCESS_TOKENS) tokens?: AccessTokens) {
    if (tokens === undefined) {
      throw new ConfigurationError(
        'ERR_HTTP_GUARD',
        'HttpAuthGuard needs a strategy with access tokens, and this one has none. Guard these routes with your own session',
      );
    }
    this.#tokens = tokens;
  }

  canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<IncomingMessage & { user?: Principal }>();
    return answer(http.getResponse<HttpResponse>(), async () => {
      request.user = await this.#principalFor(/^bearer +(.+)$/i.exec(request.headers.authorization ?? '')?.[1]);
      return true;
    });
  }

  async #holder(token: string | undefined): Promise<Principal> {
    return this.#tokens.requireCurrentPrincipal(await this.#tokens.verifyAccess(token));
  }

  async #principalFor(token: string | undefined): Promise<Principal> {
    try {
      return await this.#checks.run(() => inTime(systemClock, LONGEST_CHECK, () => this.#holder(token)));
    } catch (error) {
      if (error instanceof AuthError || error instanceof StoreError) throw error;
      logger.error(`An access token could not be verified: ${error instanceof Error ? error.name : typeof error}`);
      throw new AuthError('unavailable', { cause: error });
    }
  }
}
