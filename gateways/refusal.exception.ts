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
