import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { Socket } from 'socket.io';
import { noticeOf } from '../../strategies/strategy.ts';
import { logException } from '../log/bounded-log.ts';
import { RefusalException } from '../refusal.exception.ts';

/**
 * Brings a refusal to the `exception` event and to the ack that waits for it; stock Nest leaves the ack to its
 * timeout. Neither holds anything of the message. Whatever is not a refusal becomes `failed`.
 */
@Catch()
export class RefusalFilter implements ExceptionFilter {
  catch(exception: unknown, host: ArgumentsHost): void {
    if (!(exception instanceof RefusalException)) logException(RefusalFilter.name, exception);
    const notice = exception instanceof RefusalException ? exception.notice : noticeOf('failed');
    const event = host.switchToWs().getPattern();
    host
      .switchToWs()
      .getClient<Socket>()
      .emit('exception', { ...notice, event });
    const ack = host.getArgs<unknown[]>().find((argument) => typeof argument === 'function');
    ack?.({ refused: notice });
  }
}
