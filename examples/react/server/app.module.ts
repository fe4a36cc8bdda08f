import { type DynamicModule, Module } from '@nestjs/common';
import type { UserDirectory } from 'nest-ws-auth-lab/directory';
import { WsAuthModule } from 'nest-ws-auth-lab/gateways';
import connectionLease from 'nest-ws-auth-lab/strategies/connection-lease';
import { ChatGateway } from './chat.gateway.js';

@Module({})
export class AppModule {
  /** @param origins of the pages that may connect */
  static with(directory: UserDirectory, origins: string[]): DynamicModule {
    const auth = WsAuthModule.forRoot({
      strategy: connectionLease,
      secret: process.env['WS_AUTH_SECRET'],
      directory,
      origins,
      lifetimes: { accessToken: Number(process.env['TOKEN_SECONDS'] ?? 300) * 1000 },
    });
    return { module: AppModule, imports: [auth], providers: [ChatGateway] };
  }
}
