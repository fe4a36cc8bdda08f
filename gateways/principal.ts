import { randomUUID } from 'node:crypto';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Socket } from 'socket.io';
import type { Principal } from '../strategies/strategy.ts';
import { RefusalException } from './refusal.exception.ts';

/** A client that presented no credential, in a public namespace. Nothing is known about it. */
export interface Guest extends Principal {
  readonly guest: true;
  /** `guest:` and a random id, which differs for each connection. */
  readonly subject: string;
  readonly roles: readonly [];
}

export const newGuest = (): Guest => ({ guest: true, subject: `guest:${randomUUID()}`, roles: [] });

/** Whether nobody is signed in on the connection of this principal. */
export const isGuest = (principal: Principal): principal is Guest => (principal as Partial<Guest>).guest === true;

/** The connected client: a user, or a guest of a public namespace. @throws RefusalException `unauthenticated` where nobody is */
export function principalOf(client: Socket): Principal {
  const principal = (client.data as { principal?: Principal }).principal;
  if (principal === undefined) throw new RefusalException('unauthenticated');
  return principal;
}

/** The room with all sockets of a subject in a namespace. The gate puts each socket into it. */
export const subjectRoom = (subject: string): string => `subject:${subject}`;

/** `@User() user: Principal` in a handler's parameters; `user: Principal | Guest` where the handler is `@Public()`. */
export const User = createParamDecorator((_: unknown, context: ExecutionContext) =>
  principalOf(context.switchToWs().getClient<Socket>()),
);
