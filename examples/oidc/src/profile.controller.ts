import { Controller, Get, Req, UseGuards } from '@nestjs/common';
import type { Request } from 'express';
import type { Principal } from 'nest-ws-auth-lab/gateways';
import { HttpAuthGuard } from 'nest-ws-auth-lab/http-auth-guard';

/** A REST route that takes the same access token. */
@Controller('profile')
@UseGuards(HttpAuthGuard)
export class ProfileController {
  @Get()
  profile(@Req() { user }: Request & { user: Principal }) {
    return { subject: user.subject, roles: user.roles };
  }
}
