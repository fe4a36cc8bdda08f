import { Inject } from '@nestjs/common';
import type { OnGatewayConnection } from '@nestjs/websockets';
import type { Socket } from 'socket.io';
import type { Principal } from '../../strategies/strategy.ts';
import { AuthenticationService } from './authentication.service.ts';

/** A client once the hook has settled. */
export interface UserSocket extends Socket {
  user: Principal;
}

/**
 * The base gateway: it says who connects, for all that extend it. Its dependency is a property, so that their
 * constructors need not pass it on.
 */
export class WsManager implements OnGatewayConnection<UserSocket> {
  @Inject(AuthenticationService)
  private readonly authentication!: AuthenticationService;

  async handleConnection(client: UserSocket): Promise<void> {
    // The article's `handshake.authentication` does not exist.
    const { token } = client.handshake.auth as { token: string };
    const user = await this.authentication.validateToken(token);
    if (user === undefined) client.disconnect(true);
    else client.user = user;
  }
}
