import { type ExecutionContext, Injectable } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import type { Socket } from 'socket.io';

/** Passport asks for a request: the handshake has the headers of one. */
@Injectable()
export class WsJwtAuthGuard extends AuthGuard('jwt') {
  override getRequest(context: ExecutionContext): Socket['handshake'] {
    return context.switchToWs().getClient<Socket>().handshake;
  }
}
