import { Controller, Delete, ForbiddenException, HttpCode, Param, Req } from '@nestjs/common';
import type { Request } from 'express';
import { WsAuthService } from 'nest-ws-auth-lab/gateways';
import type { Claims } from './auth.guard.js';
import { UsersService } from './users.service.js';

@Controller('users')
export class UsersController {
  constructor(
    private readonly users: UsersService,
    private readonly wsAuth: WsAuthService,
  ) {}

  @Delete(':id')
  @HttpCode(204)
  async deactivate(@Param('id') id: string, @Req() { user }: Request & { user: Claims }): Promise<void> {
    if (!user.roles.includes('admin')) throw new ForbiddenException();
    await this.users.deactivate(id);
    await this.wsAuth.revoke({ subject: id }, 'banned');
  }
}
