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
import { STRATEGY_OPTIONS, type StrategyOptions, type StrategyWiring } from '../../strategy.ts';
import type { Clock } from '../clock.ts';
import { ConfigurationError } from '../errors.ts';
import { warnOfDebugOutput } from './debug-output.ts';
import { rules } from './endpoint-rules.ts';
import { collisionIn, controllersAt } from './endpoints.ts';

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
    const module = {
      module: AuthHttpModule,
      imports: [options],
      providers: [{ provide: ENDPOINT, useValue: endpointAt(http.path) }],
    };
    return { imports: [options, module], controllers: controllersAt(http, controllers) };
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
    const isEndpoint = (method: string, path: string): boolean => method === 'POST' && this.#endpoint.test(path);
    const platform = adapter.getType();
    const install = Object.hasOwn(rules, platform) ? rules[platform as keyof typeof rules] : undefined;
    if (install === undefined) {
      throw new ConfigurationError(
        'ERR_HTTP_PLATFORM',
        `The HTTP endpoints of the kit need Express or Fastify, but this application runs on ${platform}. Use your own login: pass http: false and accessTokens`,
      );
    }
    install(adapter, isEndpoint, this.#clock);
  }
}
