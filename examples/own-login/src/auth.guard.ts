import { type CanActivate, type ExecutionContext, Injectable, UnauthorizedException } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { JwtService } from '@nestjs/jwt';
import type { Request } from 'express';
import { IS_PUBLIC } from './public.decorator.js';

export interface Claims {
  sub: string;
  username: string;
  roles: string[];
}

/** Protects every HTTP route that is not public, as in Nest's own documentation. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly jwt: JwtService,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    if (this.reflector.getAllAndOverride<boolean>(IS_PUBLIC, [context.getHandler(), context.getClass()])) return true;
    const request = context.switchToHttp().getRequest<Request & { user: Claims }>();
    const [type, token = ''] = request.headers.authorization?.split(' ') ?? [];
    try {
      request.user = await this.jwt.verifyAsync<Claims>(type === 'Bearer' ? token : '');
      return true;
    } catch {
      throw new UnauthorizedException();
    }
  }
}
