import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Socket } from 'socket.io';
import { Connections } from '../connections/connections.ts';
import { principalOf } from '../principal.ts';
import { RefusalException } from '../refusal.exception.ts';

/** `@Roles(['moderator'])`: the message needs one of these roles. */
export const Roles = Reflector.createDecorator<readonly string[], readonly string[]>({
  transform: (roles) => roles,
});

/** Per-message authorization, after the AuthGuard: the roles are those of the last decision. */
@Injectable()
export class RolesGuard implements CanActivate {
  constructor(
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(Connections) private readonly connections: Connections,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const wanted = this.reflector.getAllAndOverride(Roles, [context.getHandler(), context.getClass()]);
    if (wanted === undefined) return true;
    // It knows no principal but a socket's: a role asked for elsewhere is a role that nobody has.
    if (context.getType() !== 'ws') return false;
    const client = context.switchToWs().getClient<Socket>();
    const { roles } = principalOf(client);
    if (wanted.some((role) => roles.includes(role))) return true;
    this.connections.refused('message', 'forbidden', this.connections.of(client) ?? {});
    throw new RefusalException('forbidden');
  }
}
