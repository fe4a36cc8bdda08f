import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { WsException } from '@nestjs/websockets';
import type { Socket } from 'socket.io';
import { principalOf, type TokenPayload } from '../shared/chat.ts';

/** The guard of Nest's page on authentication, with the two changes that its page on WebSocket guards asks for. */
@Injectable()
export class WsJwtGuard implements CanActivate {
  constructor(@Inject(JwtService) private readonly jwt: JwtService) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const client = context.switchToWs().getClient<Socket>();
    const { token } = client.handshake.auth as { token?: string };
    if (!token) throw new WsException('Unauthorized');
    try {
      client.data.user = principalOf(await this.jwt.verifyAsync<TokenPayload>(token));
    } catch {
      throw new WsException('Unauthorized');
    }
    return true;
  }
}
