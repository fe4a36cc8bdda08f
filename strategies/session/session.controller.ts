import type { Request } from 'express';
import { Body, Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { requireOwnOrigin } from '../shared/http/cookies.ts';
import { answer, readCredentials } from '../shared/http/answers.ts';
import { type HttpRequest, type HttpResponse, nodeRequest, nodeResponse } from '../shared/http/platform.ts';
import { STRATEGY_OPTIONS, type StrategyOptions } from '../strategy.ts';
import { Sessions } from './sessions.ts';

/** Sign-in and sign-out over HTTP; the cookie is the credential. */
@Controller()
export class SessionController {
  constructor(
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(STRATEGY_OPTIONS) private readonly options: StrategyOptions,
  ) {}

  @Post('login')
  @HttpCode(204)
  login(
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) response: HttpResponse,
    @Body() body: unknown,
  ): Promise<void> {
    return answer(response, async () => {
      requireOwnOrigin(request, this.options.origins);
      const { username, password } = readCredentials(body);
      await this.sessions.signIn(nodeRequest(request) as Request, nodeResponse(response), username, password);
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
      await this.sessions.signOut(nodeRequest(request) as Request, body?.everywhere === true);
    });
  }
}
