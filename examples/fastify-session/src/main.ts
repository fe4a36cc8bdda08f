import 'reflect-metadata';
import cookie from '@fastify/cookie';
import session from '@fastify/session';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AuthAdapter } from 'nest-ws-auth-lab/gateways';
import { AppModule } from './app.module.js';
import { sessionOptions } from './sessions.js';

const app = await NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter());
await app.register(cookie);
await app.register(session, sessionOptions);
app.useWebSocketAdapter(new AuthAdapter(app));
await app.listen(process.env.PORT ?? 3000);
