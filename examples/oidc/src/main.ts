import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { AuthAdapter } from 'nest-ws-auth-lab/gateways';
import { AppModule } from './app.module.js';

const app = await NestFactory.create(AppModule);
app.useWebSocketAdapter(new AuthAdapter(app));
app.enableShutdownHooks();
await app.listen(process.env.PORT ?? 3000);
