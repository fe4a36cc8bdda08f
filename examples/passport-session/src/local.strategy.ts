import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-local';
import type { Account } from './middleware.js';

/** A stand-in for the users of an application: anyone whose password is `correct horse`. */
@Injectable()
export class LocalStrategy extends PassportStrategy(Strategy) {
  validate(username: string, password: string): Account | false {
    return password === 'correct horse' && { id: `id of ${username}`, name: username };
  }
}
