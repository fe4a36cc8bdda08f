import {
  type DynamicModule,
  Inject,
  Module,
  type ModuleMetadata,
  type NestModule,
  type OnModuleInit,
  type Type,
} from '@nestjs/common';
import { HttpAdapterHost, ModulesContainer } from '@nestjs/core';
import type { NextFunction, Request, Response } from 'express';
import { STRATEGY_OPTIONS, type StrategyOptions, type StrategyWiring } from '../../strategy.ts';
import type { Clock } from '../clock.ts';
import { ConfigurationError } from '../errors.ts';
import { warnOfDebugOutput } from './debug-output.ts';
import { BodyRefused, readJson } from './body.ts';
import { collisionIn, controllersAt } from './endpoints.ts';
import { noticeOf } from '../refusals.ts';

const ENDPOINT = Symbol('Endpoint');

/** The endpoints that strategies bring, behind whatever prefix or version an application has. Express ignores case. */
const endpointAt = (path: string): RegExp => new RegExp(`/${path}/(?:cookie/)?(?:login|refresh|logout)/?$`, 'i');

/**
 * Rules for every endpoint: no answer is stored by a cache, and the body is a small JSON object. Any other is refused before
 * Nest's own parser, which takes 100 KB and quotes what it cannot parse, has seen it.
 */
@Module({})
export class AuthHttpModule implements NestModule, OnModuleInit {
  readonly #host: HttpAdapterHost;
  readonly #clock: Clock;
  readonly #endpoint: RegExp;
  #installed = false;

  constructor(
    @Inject(HttpAdapterHost) host: HttpAdapterHost,
    @Inject(STRATEGY_OPTIONS) { clock }: StrategyOptions,
    @Inject(ENDPOINT) endpoint: RegExp,
    @Inject(ModulesContainer) private readonly modules: ModulesContainer,
  ) {
    this.#host = host;
    this.#clock = clock;
    this.#endpoint = endpoint;
    this.#install();
  }

  /**
   * The imports and the controllers of a strategy's module. There are no controllers if the application switched them off.
   * @example AuthHttpModule.half(wiring, { '': TokenController, '/cookie': CookieController })
   */
  static half(
    { options, http }: StrategyWiring,
    controllers: Readonly<Record<string, Type>>,
  ): Pick<ModuleMetadata, 'controllers'> & { readonly imports: DynamicModule[] } {
    if (http === false) return { imports: [options] };
    const rules = {
      module: AuthHttpModule,
      imports: [options],
      providers: [{ provide: ENDPOINT, useValue: endpointAt(http.path) }],
    };
    return { imports: [options, rules], controllers: controllersAt(http, controllers) };
  }

  /** Later than Nest's parser: for a testing module, which is made before its application. */
  configure(): void {
    this.#install();
  }

  /** @throws ConfigurationError where the application has a route of the same name */
  onModuleInit(): void {
    warnOfDebugOutput();
    const collision = collisionIn(this.modules, this.#endpoint);
    if (collision !== undefined) {
      throw new ConfigurationError(
        'ERR_HTTP_PATH',
        `${collision} collides with an endpoint of the kit. Beside strategy, pass http: { path: 'ws-auth' } to move the kit's endpoints, or http: false to switch them off`,
      );
    }
  }

  #install(): void {
    // A testing module has no adapter yet, a worker never has one, and both declare that they always have one.
    const adapter = this.#host.httpAdapter as HttpAdapterHost['httpAdapter'] | null | undefined;
    if (this.#installed || !adapter) return;
    this.#installed = true;
    requireExpress(adapter.getType());
    adapter.use((request: Request, response: Response, next: NextFunction) => {
      if (request.method === 'POST' && this.#endpoint.test(request.path))
        void receive(request, response, next, this.#clock);
      else next();
    });
  }
}

/** @throws ConfigurationError */
function requireExpress(platform: string): void {
  if (platform === 'express') return;
  throw new ConfigurationError(
    'ERR_HTTP_PLATFORM',
    `The HTTP endpoints of the kit need Express, but this application runs on ${platform}. Use your own login: pass http: false and accessTokens`,
  );
}

async function receive(request: Request, response: Response, next: NextFunction, clock: Clock): Promise<void> {
  response.setHeader('Cache-Control', 'no-store');
  // HTTP/1.0 caches, as RFC 6749 5.1 has it for every answer that may hold a token.
  response.setHeader('Pragma', 'no-cache');
  try {
    request.body = await readJson(request, clock);
    // The parser of Express 4 would read the body again, and fail.
    Object.assign(request, { _body: true });
  } catch (error) {
    const { status, code } = error instanceof BodyRefused ? error : new BodyRefused(400);
    // The rest of the body is not read.
    if (!request.complete) response.setHeader('Connection', 'close');
    response.status(status).json(noticeOf(code));
    return;
  }
  next();
}
