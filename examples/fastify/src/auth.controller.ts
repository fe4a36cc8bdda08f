import { Body, Controller, HttpCode, Post, Res, UnauthorizedException } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import type { FastifyReply } from 'fastify';

/** The access token is in a cookie that no script can read. */
@Controller('auth')
export class AuthController {
  constructor(private readonly jwt: JwtService) {}

  @Post('login')
  @HttpCode(204)
  async login(
    @Body() { username, password }: { username: string; password: string },
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    if (password !== 'correct horse') throw new UnauthorizedException();
    const token = await this.jwt.signAsync({ sub: username });
    reply.setCookie('access_token', token, { httpOnly: true, sameSite: 'lax', path: '/' });
  }
}
