import { Module } from '@nestjs/common';
import type { PeerOptions, RunningPeer } from '../peer.ts';
import { bootNest } from '../shared/boot.ts';
import { LoginModule } from '../shared/login.module.ts';
import { AuthenticationService } from './authentication.service.ts';
import { ChatGateway } from './chat.gateway.ts';

@Module({})
class AppModule {}

export const start = (options: PeerOptions): Promise<RunningPeer> =>
  bootNest({
    module: AppModule,
    imports: [LoginModule.with(options)],
    providers: [AuthenticationService, ChatGateway],
  });
