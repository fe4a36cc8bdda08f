import { Inject, Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import type { Principal } from '../../strategies/strategy.ts';
import type { PeerOptions } from '../peer.ts';
import { principalOf, type TokenPayload } from '../shared/chat.ts';
import { PEER_OPTIONS } from '../shared/login.module.ts';

/** The strategy of Nest's Passport recipe. */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy) {
  constructor(@Inject(PEER_OPTIONS) { secret }: PeerOptions) {
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      ignoreExpiration: false,
      secretOrKey: secret,
    });
  }

  async validate(payload: TokenPayload): Promise<Principal> {
    return principalOf(payload);
  }
}
