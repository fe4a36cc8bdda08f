import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { AuthAdapter } from 'nest-ws-auth-lab/gateways';
import { AppModule } from './app.module.js';
import { middleware } from './middleware.js';

const app = await NestFactory.create(AppModule);
app.use(...middleware);
app.useWebSocketAdapter(new AuthAdapter(app));
await app.listen(process.env.PORT ?? 3000);
