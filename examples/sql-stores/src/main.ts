import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { MemoryDirectory } from 'nest-ws-auth-lab/directory';
import { AuthAdapter } from 'nest-ws-auth-lab/gateways';
import { DataSource } from 'typeorm';
import { AppModule } from './app.module.js';

const source = await new DataSource({ type: 'sqljs' }).initialize();
// A stand-in for your users.
const directory = new MemoryDirectory();
await directory.add({ username: 'ann', password: 'correct horse' });

const app = await NestFactory.create(AppModule.with(source, directory));
app.useWebSocketAdapter(new AuthAdapter(app));
await app.listen(process.env.PORT ?? 3000);
