import 'reflect-metadata';
import cookie from '@fastify/cookie';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AuthAdapter } from 'nest-ws-auth-lab/gateways';
import { AppModule } from './app.module.js';

const app = await NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter());
await app.register(cookie);
app.useWebSocketAdapter(new AuthAdapter(app));
await app.listen(process.env.PORT ?? 3000);
