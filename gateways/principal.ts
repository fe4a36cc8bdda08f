import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Socket } from 'socket.io';
import type { Principal } from '../strategies/strategy.ts';
import { RefusalException } from './refusal.exception.ts';

/** Who is connected. @throws RefusalException `unauthenticated` where nobody is */
export function principalOf(client: Socket): Principal {
  const principal = (client.data as { principal?: Principal }).principal;
  if (principal === undefined) throw new RefusalException('unauthenticated');
  return principal;
}

/** The room with all sockets of a subject in a namespace. The gate puts each socket into it. */
export const subjectRoom = (subject: string): string => `subject:${subject}`;

/** `@User() user: Principal` in a handler's parameters. */
export const User = createParamDecorator((_: unknown, context: ExecutionContext) =>
  principalOf(context.switchToWs().getClient<Socket>()),
);
