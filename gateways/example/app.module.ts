import { type DynamicModule, Module } from '@nestjs/common';
import type { Strategy } from '../../strategies/strategy.ts';
import { ChatGateway } from './chat.gateway.ts';
import { ChatService } from './chat.service.ts';
import { NotificationsGateway } from './notifications.gateway.ts';
import type { WsAuthOptions } from '../options/ws-auth-options.ts';
import { PresenceGateway } from './presence.gateway.ts';
import { WsAuthModule } from '../ws-auth.module.ts';

/** The application; `with` is the one seam between it and the way that its connections are authenticated. */
@Module({})
export class AppModule {
  static with(strategy: Strategy, options: WsAuthOptions): DynamicModule {
    return {
      module: AppModule,
      imports: [WsAuthModule.forRoot({ strategy, ...options })],
      providers: [ChatService, ChatGateway, PresenceGateway, NotificationsGateway],
      exports: [NotificationsGateway],
    };
  }
}
