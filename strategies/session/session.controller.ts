import { Body, Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import type { Request } from 'express';
import { AuthError } from '../shared/errors.ts';
import { answer, readCredentials } from '../shared/http.ts';
import { Sessions } from './sessions.ts';

/** Sign-in and sign-out over HTTP; the cookie is the credential. */
@Controller('auth')
export class SessionController {
  constructor(@Inject(Sessions) private readonly sessions: Sessions) {}

  @Post('login')
  @HttpCode(204)
  login(@Req() request: Request, @Body() body: unknown): Promise<void> {
    return answer(() => {
      // A form of another site can post anything but JSON.
      if (!request.is('application/json')) throw new AuthError('bad-message');
      const { username, password } = readCredentials(body);
      return this.sessions.signIn(request, username, password);
    });
  }

  @Post('logout')
  @HttpCode(204)
  logout(@Req() request: Request, @Body() body: { everywhere?: unknown } | undefined): Promise<void> {
    return answer(() => this.sessions.signOut(request, body?.everywhere === true));
  }
}
