import { Body, Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { AuthError } from '../errors.ts';
import { answer, answerJson, readCredentials } from '../http/answers.ts';
import { type HttpRequest, type HttpResponse, nodeRequest } from '../http/platform.ts';
import { TokenService } from './token-service.ts';

/** What `POST /auth/refresh` and `POST /auth/logout` take. */
interface RefreshBody {
  readonly refreshToken?: unknown;
  readonly everywhere?: unknown;
  readonly wsToken?: unknown;
}

/** The HTTP half of every token strategy. */
@Controller()
export class TokenController {
  constructor(@Inject(TokenService) private readonly tokens: TokenService) {}

  @Post('login')
  @HttpCode(200)
  login(@Req() request: HttpRequest, @Res() response: HttpResponse, @Body() body: unknown): Promise<void> {
    return answerJson(response, async () => {
      const { username, password } = readCredentials(body);
      return (await this.tokens.signIn(username, password, nodeRequest(request))).pair;
    });
  }

  @Post('refresh')
  @HttpCode(200)
  refresh(
    @Req() request: HttpRequest,
    @Res() response: HttpResponse,
    @Body() body: RefreshBody | undefined,
  ): Promise<void> {
    return answerJson(
      response,
      async () => (await this.tokens.refreshFor(nodeRequest(request), body?.refreshToken)).pair,
    );
  }

  @Post('logout')
  @HttpCode(204)
  logout(@Res({ passthrough: true }) response: HttpResponse, @Body() body: RefreshBody | undefined): Promise<void> {
    return answer(response, async () => {
      await this.tokens.signOut(body?.refreshToken, body?.everywhere === true);
      if (body?.wsToken !== undefined) await this.#denyWsToken(body.wsToken);
    });
  }

  /** A token that has run out needs no denying. */
  async #denyWsToken(wsToken: unknown): Promise<void> {
    try {
      await this.tokens.denyToken(await this.tokens.issuer.verify('ws', wsToken));
    } catch (error) {
      if (!(error instanceof AuthError && error.code === 'expired')) throw error;
    }
  }
}
