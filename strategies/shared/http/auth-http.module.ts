import { type DynamicModule, Inject, Module, type NestModule, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { NextFunction, Request, Response } from 'express';
import type { Clock } from '../clock.ts';
import { warnOfDebugOutput } from './debug-output.ts';
import { BodyRefused, readJson } from './body.ts';
import { noticeOf } from '../refusals.ts';

/** The endpoints that strategies bring, behind whatever prefix or version an application has. Express ignores case. */
const ENDPOINT = /\/auth\/(?:cookie\/)?(?:login|refresh|logout)\/?$/i;

const CLOCK = Symbol('Clock');

/**
 * Rules for every endpoint: no answer is stored by a cache, and the body is a small JSON object. Any other is refused before
 * Nest's own parser, which takes 100 KB and quotes what it cannot parse, has seen it.
 */
@Module({})
export class AuthHttpModule implements NestModule, OnModuleInit {
  readonly #host: HttpAdapterHost;
  readonly #clock: Clock;
  #installed = false;

  constructor(@Inject(HttpAdapterHost) host: HttpAdapterHost, @Inject(CLOCK) clock: Clock) {
    this.#host = host;
    this.#clock = clock;
    this.#install();
  }

  /** `clock` bounds how long a body may take. */
  static with(clock: Clock): DynamicModule {
    return { module: AuthHttpModule, providers: [{ provide: CLOCK, useValue: clock }] };
  }

  /** Later than Nest's parser: for a testing module, which is made before its application. */
  configure(): void {
    this.#install();
  }

  onModuleInit(): void {
    warnOfDebugOutput();
  }

  #install(): void {
    // A testing module has no adapter yet, and declares that it always has one.
    const adapter = this.#host.httpAdapter as HttpAdapterHost['httpAdapter'] | undefined;
    if (this.#installed || adapter === undefined) return;
    this.#installed = true;
    adapter.use((request: Request, response: Response, next: NextFunction) => {
      if (request.method === 'POST' && ENDPOINT.test(request.path)) void receive(request, response, next, this.#clock);
      else next();
    });
  }
}

async function receive(request: Request, response: Response, next: NextFunction, clock: Clock): Promise<void> {
  response.setHeader('Cache-Control', 'no-store');
  // HTTP/1.0 caches, as RFC 6749 5.1 has it for every answer that may hold a token.
  response.setHeader('Pragma', 'no-cache');
  try {
    request.body = await readJson(request, clock);
  } catch (error) {
    const { status, code } = error instanceof BodyRefused ? error : new BodyRefused(400);
    // The rest of the body is not read.
    if (!request.complete) response.setHeader('Connection', 'close');
    response.status(status).json(noticeOf(code));
    return;
  }
  next();
}
