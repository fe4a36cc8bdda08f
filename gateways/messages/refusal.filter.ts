import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { Socket } from 'socket.io';
import { logException } from '../log/bounded-log.ts';
import { noticeFor } from '../refusal.exception.ts';

/**
 * Brings a refusal to the `exception` event and to the ack that waits for it; stock Nest leaves the ack to its
 * timeout. What the application says in its own exceptions is told as `rejected`, with its details; whatever else is thrown is
 * `failed`, and neither of the two holds anything of it.
 */
@Catch()
export class RefusalFilter implements ExceptionFilter {
  catch(exception: unknown, host: ArgumentsHost): void {
    const notice = noticeFor(exception);
    if (notice.code === 'failed') logException(RefusalFilter.name, exception);
    const event = host.switchToWs().getPattern();
    host
      .switchToWs()
      .getClient<Socket>()
      .emit('exception', { ...notice, event });
    const ack = host.getArgs<unknown[]>().find((argument) => typeof argument === 'function');
    ack?.({ refused: notice });
  }
}
