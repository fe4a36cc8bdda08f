import { Body, Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { cookieOf } from '../shared/access-tokens/cookie.ts';
import { cookieName, cookieOptions, requireOwnOrigin, setCookie } from '../shared/http/cookies.ts';
import { type HttpRequest, type HttpResponse, nodeRequest } from '../shared/http/platform.ts';
import { answer, answerJson, readCredentials } from '../shared/http/answers.ts';
import type { Issued } from '../shared/tokens/token-pairs.ts';
import { TokenService } from '../shared/tokens/token-service.ts';
import { STRATEGY_OPTIONS, type StrategyOptions } from '../strategy.ts';

const COOKIE = 'lease';

/** What a page is told: the refresh token stays in the cookie, out of its scripts' reach. */
export interface CookieLease {
  readonly accessToken: string;
  /** ms since the epoch */
  readonly expiresAt: number;
}

/**
 * The HTTP half for browsers: the refresh token is a cookie, which opens no connection, and whose scripts renew the
 * connection's lease with the access token that it gets them.
 */
@Controller()
export class CookieController {
  constructor(
    @Inject(TokenService) private readonly tokens: TokenService,
    @Inject(STRATEGY_OPTIONS) private readonly options: StrategyOptions,
  ) {}

  @Post('login')
  @HttpCode(200)
  login(@Req() request: HttpRequest, @Res() response: HttpResponse, @Body() body: unknown): Promise<void> {
    return answerJson(response, async () => {
      requireOwnOrigin(request, this.options.origins);
      const { username, password } = readCredentials(body);
      return hand(request, response, await this.tokens.signIn(username, password, nodeRequest(request)));
    });
  }

  @Post('refresh')
  @HttpCode(200)
  refresh(@Req() request: HttpRequest, @Res() response: HttpResponse): Promise<void> {
    return answerJson(response, async () => {
      requireOwnOrigin(request, this.options.origins);
      return hand(request, response, await this.tokens.refreshFor(nodeRequest(request), tokenOf(request)));
    });
  }

  @Post('logout')
  @HttpCode(204)
  logout(
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) response: HttpResponse,
    @Body() body: { everywhere?: unknown } | undefined,
  ): Promise<void> {
    return answer(response, async () => {
      requireOwnOrigin(request, this.options.origins);
      setCookie(response, cookieName(request, COOKIE), '', { ...optionsFor(request), expires: new Date(0) });
      await this.tokens.signOut(tokenOf(request), body?.everywhere === true);
    });
  }
}

const tokenOf = (request: HttpRequest): string | undefined => cookieOf(request, cookieName(request, COOKIE));

const optionsFor = (request: HttpRequest) => ({ ...cookieOptions(request, COOKIE), sameSite: 'strict' as const });

function hand(request: HttpRequest, response: HttpResponse, { pair, claims }: Issued): CookieLease {
  const expires = new Date(claims.refresh.expiresAt);
  setCookie(response, cookieName(request, COOKIE), pair.refreshToken, { ...optionsFor(request), expires });
  return { accessToken: pair.accessToken, expiresAt: pair.expiresAt };
}
