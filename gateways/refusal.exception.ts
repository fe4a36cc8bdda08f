import { WsException } from '@nestjs/websockets';
import { noticeOf, type RefusalCode, type RefusalNotice } from '../strategies/strategy.ts';

/** Throw it in a guard, a handler or a connection hook: the client is told `code`, and nothing of its request. */
export class RefusalException extends WsException {
  readonly code: RefusalCode;

  constructor(code: RefusalCode) {
    super(noticeOf(code));
    this.code = code;
  }

  get notice(): RefusalNotice {
    return noticeOf(this.code);
  }
}

/**
 * Returns the notice for an exception. A RefusalException has its own code. A WsException, or an HTTP exception with a status
 * of 400 to 499 (such as that of ValidationPipe or of a throttler), becomes `rejected` with its content as details. Any other
 * exception becomes `failed`.
 */
export function noticeFor(exception: unknown): RefusalNotice {
  if (exception instanceof RefusalException) return exception.notice;
  if (exception instanceof WsException) return { ...noticeOf('rejected'), details: exception.getError() };
  const { getStatus, getResponse } = (exception ?? {}) as { getStatus?: () => number; getResponse?: () => unknown };
  const status = typeof getStatus === 'function' ? getStatus.call(exception) : 0;
  // `instanceof` would miss it if the application has another copy of @nestjs/common.
  if (status < 400 || status > 499 || typeof getResponse !== 'function') return noticeOf('failed');
  return { ...noticeOf('rejected'), details: getResponse.call(exception) };
}
