import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { MemoryDirectory } from 'nest-ws-auth-lab/directory';
import { AuthAdapter } from 'nest-ws-auth-lab/gateways';
import { AppModule } from './app.module.js';

export const directory = new MemoryDirectory(); // yours: anything that implements UserDirectory
for (const username of ['ann', 'bob']) {
  await directory.add({ subject: username, username, password: 'correct horse' });
}

const origins = (process.env['ORIGINS'] ?? 'http://localhost:5173').split(',');
export const app = await NestFactory.create(AppModule.with(directory, origins), { logger: ['error', 'warn'] });
app.useWebSocketAdapter(new AuthAdapter(app));
// The page signs in by HTTP, from another origin. The origins above are for WebSockets.
app.enableCors({ origin: origins, credentials: true });
await app.listen(process.env['PORT'] ?? 3000);
