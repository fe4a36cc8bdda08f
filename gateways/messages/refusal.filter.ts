import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { Socket } from 'socket.io';
import { logException } from '../log/bounded-log.ts';
import { noticeFor } from '../refusal.exception.ts';

/**
 * Brings a refusal to the `exception` event and to the ack that waits for it; stock Nest leaves the ack to its
 * timeout. An application's own exceptions become `rejected`, with their content as details. Any other exception becomes
 * `failed`, and the client gets none of its content.
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
