import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import type { Server, Socket } from 'socket.io';
import { gatewaysIn } from '../gateways-in.ts';
import { RefusalException } from '../refusal.exception.ts';
import { AuthGuard } from './auth.guard.ts';
import { RolesGuard } from './roles.guard.ts';

/** Set by @UseGuards() on a class. */
const GUARDS = '__guards__';

/** The guard of each server. */
const guards = new WeakMap<Server, MessageGuard>();

/** On each gateway class, which several applications of a process may share. It asks the guard of the client's application. */
const ofClass: CanActivate = {
  canActivate(context) {
    if (context.getType() !== 'ws') return true;
    const guard = guards.get(context.switchToWs().getClient<Socket>().nsp.server);
    if (guard === undefined) throw new RefusalException('unauthenticated');
    return guard.canActivate(context);
  },
};

/**
 * Stands before every message of every gateway, and before the gateway's own guards. It is put on the classes, because
 * Nest 10 and 11 ask no global guard about a gateway.
 */
@Injectable()
export class MessageGuard implements CanActivate {
  constructor(
    @Inject(ModulesContainer) modules: ModulesContainer,
    @Inject(AuthGuard) private readonly auth: AuthGuard,
    @Inject(RolesGuard) private readonly roles: RolesGuard,
  ) {
    // The modules are all known when the first provider is made, and Nest reads the guards of a gateway later.
    for (const { metatype } of gatewaysIn(modules)) {
      const others = (Reflect.getMetadata(GUARDS, metatype) ?? []) as unknown[];
      if (!others.includes(ofClass)) Reflect.defineMetadata(GUARDS, [ofClass, ...others], metatype);
    }
  }

  /** Guards the messages that come through `server`. Without it they are refused. */
  guard(server: Server): void {
    guards.set(server, this);
  }

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const passes = this.auth.canActivate(context);
    return passes instanceof Promise
      ? passes.then(() => this.roles.canActivate(context))
      : this.roles.canActivate(context);
  }
}
