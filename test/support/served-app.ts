import type { AddressInfo } from 'node:net';
import type { NestApplicationOptions, Type } from '@nestjs/common';
import { type AbstractHttpAdapter, NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import type { RequestHandler } from 'express';
import { onTestFinished } from 'vitest';
import { AuthAdapter } from '../../gateways/auth.adapter.ts';

interface Setup {
  readonly platform?: AbstractHttpAdapter;
  readonly middleware?: RequestHandler;
  readonly nest?: NestApplicationOptions;
}

/** An application of the test's own module, on a free port; closed when the test is over. */
export async function serve(module: Type, { platform = new ExpressAdapter(), middleware, nest }: Setup = {}) {
  const app = await NestFactory.create(module, platform, { logger: false, abortOnError: false, ...nest });
  onTestFinished(() => app.close());
  if (middleware !== undefined) app.use(middleware);
  app.useWebSocketAdapter(new AuthAdapter(app));
  await app.listen(0, '127.0.0.1');
  return { app, url: `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}` };
}
