import { Inject, Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import type { Principal } from '../../strategies/strategy.ts';
import type { PeerOptions } from '../peer.ts';
import type { TokenPayload } from '../shared/chat.ts';
import { PEER_OPTIONS } from '../shared/login.module.ts';

/** Which the article leaves to the reader. It has to be async: the library is, and so is looking the user up. */
@Injectable()
export class AuthenticationService {
  constructor(
    @Inject(JwtService) private readonly jwt: JwtService,
    @Inject(PEER_OPTIONS) private readonly options: PeerOptions,
  ) {}

  async validateToken(token: string): Promise<Principal | undefined> {
    try {
      const { sub } = await this.jwt.verifyAsync<TokenPayload>(token);
      return await this.options.directory.find(sub);
    } catch {
      return undefined;
    }
  }
}
