import { Body, Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { parseCookie } from 'cookie';
import type { CookieOptions, Request, Response } from 'express';
import { AuthError } from '../shared/errors.ts';
import { answer, readCredentials } from '../shared/http.ts';
import { type Issued, TokenService } from '../shared/token-service.ts';

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
@Controller('auth/cookie')
export class CookieController {
  constructor(@Inject(TokenService) private readonly tokens: TokenService) {}

  @Post('login')
  @HttpCode(200)
  login(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Body() body: unknown,
  ): Promise<CookieLease> {
    return answer(async () => {
      requireJson(request);
      const { username, password } = readCredentials(body);
      return hand(request, response, await this.tokens.signIn(username, password));
    });
  }

  @Post('refresh')
  @HttpCode(200)
  refresh(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<CookieLease> {
    return answer(async () => {
      requireJson(request);
      return hand(request, response, await this.tokens.refreshFor(request, cookieOf(request)));
    });
  }

  @Post('logout')
  @HttpCode(204)
  logout(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Body() body: { everywhere?: unknown } | undefined,
  ): Promise<void> {
    return answer(async () => {
      requireJson(request);
      response.clearCookie(COOKIE, optionsFor(request));
      await this.tokens.signOut(cookieOf(request), body?.everywhere === true);
    });
  }
}

/** A form of another site can post anything but JSON. */
function requireJson(request: Request): void {
  if (!request.is('application/json')) throw new AuthError('bad-message');
}

const cookieOf = ({ headers }: Request): string | undefined => parseCookie(headers.cookie ?? '')[COOKIE];

/** For these legs alone, wherever the application has put them. */
const optionsFor = ({ path, secure }: Request): CookieOptions => ({
  httpOnly: true,
  sameSite: 'strict',
  secure,
  path: path.slice(0, path.lastIndexOf('/')),
});

function hand(request: Request, response: Response, { pair, claims }: Issued): CookieLease {
  const expires = new Date(claims.refresh.expiresAt);
  response.cookie(COOKIE, pair.refreshToken, { ...optionsFor(request), expires });
  return { accessToken: pair.accessToken, expiresAt: pair.expiresAt };
}
