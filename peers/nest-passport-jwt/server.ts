import { Module } from '@nestjs/common';
import { PassportModule } from '@nestjs/passport';
import type { PeerOptions, RunningPeer } from '../peer.ts';
import { bootNest } from '../shared/boot.ts';
import { LoginModule } from '../shared/login.module.ts';
import { ChatGateway } from './chat.gateway.ts';
import { JwtStrategy } from './jwt.strategy.ts';

@Module({})
class AppModule {}

/** Passport keeps its strategies in one object for the whole process: one of these at a time. */
export const start = (options: PeerOptions): Promise<RunningPeer> =>
  bootNest({
    module: AppModule,
    imports: [LoginModule.with(options), PassportModule],
    providers: [JwtStrategy, ChatGateway],
  });
