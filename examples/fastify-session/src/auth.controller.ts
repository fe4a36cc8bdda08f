import { Body, Controller, HttpCode, Post, Req, UnauthorizedException } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

@Controller('auth')
export class AuthController {
  @Post('login')
  @HttpCode(204)
  async login(
    @Req() request: FastifyRequest,
    @Body() { username, password }: { username: string; password: string },
  ): Promise<void> {
    if (password !== 'correct horse') throw new UnauthorizedException();
    // A new id at every sign-in: one that was planted before is worth nothing after.
    await request.session.regenerate();
    request.session.account = { id: username, roles: [] };
  }

  @Post('logout')
  @HttpCode(204)
  async logout(@Req() request: FastifyRequest): Promise<void> {
    await request.session.destroy();
  }
}
