import { type DynamicModule, Module } from '@nestjs/common';
import type { UserDirectory } from 'nest-ws-auth-lab/directory';
import { WsAuthModule } from 'nest-ws-auth-lab/gateways';
import connectionLease from 'nest-ws-auth-lab/strategies/connection-lease';
import type { DataSource } from 'typeorm';
import { ChatGateway } from './chat.gateway.js';
import { sqlStores } from './sql-stores.js';

@Module({})
export class AppModule {
  static with(source: DataSource, directory: UserDirectory): DynamicModule {
    const auth = WsAuthModule.forRootAsync({
      strategy: connectionLease,
      useFactory: async () => ({
        secret: process.env['WS_AUTH_SECRET'],
        directory,
        stores: await sqlStores(source),
        maxSessionsPerUser: 2,
      }),
    });
    return { module: AppModule, imports: [auth], providers: [ChatGateway] };
  }
}
