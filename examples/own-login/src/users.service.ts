import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { UserEntity } from './user.entity.js';

const derive = promisify<string, string, number, Buffer>(scrypt);

@Injectable()
export class UsersService {
  constructor(@InjectRepository(UserEntity) private readonly users: Repository<UserEntity>) {}

  async create(username: string, password: string, roles: string[] = ['user']): Promise<UserEntity> {
    const salt = randomBytes(16).toString('hex');
    const hash = await derive(password, salt, 32);
    return this.users.save({ username, roles, passwordHash: `${salt}:${hash.toString('hex')}` });
  }

  async withPassword(username: string, password: string): Promise<UserEntity | null> {
    const user = await this.users.findOneBy({ username, isActive: true });
    const [salt = '', hash = ''] = user?.passwordHash.split(':') ?? [];
    const given = await derive(password, salt, 32);
    return user && timingSafeEqual(given, Buffer.from(hash, 'hex')) ? user : null;
  }

  /** The kit calls this at each CONNECT. So a deactivated user stays out, even after a restart of the server. */
  readonly isActive = ({ subject: id }: { subject: string }): Promise<boolean> =>
    this.users.existsBy({ id, isActive: true });

  async deactivate(id: string): Promise<void> {
    await this.users.update({ id }, { isActive: false });
  }
}
