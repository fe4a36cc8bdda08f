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
export class RolesGuard {
  constructor(
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(Connections) private readonly connections: Connections,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const wanted = rolesFor(this.reflector, context);
    if (wanted === undefined) return true;
    const client = context.switchToWs().getClient<Socket>();
    const { roles } = principalOf(client);
    if (wanted.some((role) => roles.includes(role))) return true;
    this.connections.refused('message', 'forbidden', this.connections.of(client) ?? {});
    throw new RefusalException('forbidden');
  }
}

/** Only a socket has a principal here. A role that another route asks for is one that nobody has. */
@Injectable()
export class NoRolesGuard implements CanActivate {
  constructor(@Inject(Reflector) private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    return context.getType() === 'ws' || rolesFor(this.reflector, context) === undefined;
  }
}

const rolesFor = (reflector: Reflector, context: ExecutionContext): readonly string[] | undefined =>
  reflector.getAllAndOverride(Roles, [context.getHandler(), context.getClass()]);
