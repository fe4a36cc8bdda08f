import { type DynamicModule, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { Authenticator, type HttpEndpoints, type Strategy } from '../strategies/strategy.ts';
import { Authenticators } from './authenticators.ts';
import { AuthGuard } from './messages/auth.guard.ts';
import { Connections } from './connections/connections.ts';
import { Admission } from './handshake/admission.ts';
import { EarlyRefusals } from './handshake/early-refusals.ts';
import { EventLimits } from './messages/event-limits.ts';
import { HandshakeGate } from './handshake/handshake.gate.ts';
import { SignInGate } from './handshake/sign-in.gate.ts';
import { type HttpOptions, resolveHttp } from './options/http-options.ts';
import { type NamespaceOptions, namespaceOptions, requireNamespace } from './options/namespace-options.ts';
import { type ResolvedOptions, resolveOptions, ROOT_OPTIONS, WS_AUTH_OPTIONS } from './options/options.ts';
import { type AsyncFactory, OptionsModule } from './options/options.module.ts';
import type { WsAuthOptions } from './options/ws-auth-options.ts';
import { RenewalGate } from './connections/renewal.gate.ts';
import { MessageGuard } from './messages/message.guard.ts';
import { NoRolesGuard, RolesGuard } from './messages/roles.guard.ts';
import { Transports } from './transport/transports.ts';
import { UpgradeGate } from './transport/upgrade.gate.ts';
import { Wiring } from './wiring.ts';
import { WsAuthService } from './ws-auth.service.ts';

/** Options that cannot come from a factory, because they decide which controllers and providers exist. */
export interface WsAuthModuleOptions {
  readonly strategy: Strategy;
  /**
   * The strategy's own HTTP endpoints. Default: under `/auth`. With `accessTokens` or `session`, `forRoot` has none by default,
   * and `forRootAsync` needs `false`.
   */
  readonly http?: HttpOptions | false;
}

/** Authentication for every gateway of an app, by one strategy, or by a strategy of its own for a namespace. */
@Module({})
export class WsAuthModule {
  /**
   * @throws ConfigurationError if an option is invalid. If a secret is missing, the start fails later
   * @example WsAuthModule.forRoot({ strategy: handshakeOnly, secret: process.env.WS_AUTH_SECRET, directory })
   */
  static forRoot({ strategy, http, ...options }: WsAuthModuleOptions & WsAuthOptions): DynamicModule {
    const signsIn = options.accessTokens === undefined && options.session === undefined;
    const endpoints = resolveHttp(http ?? (signsIn ? {} : false));
    // Checked here and not in the factory, so that the stack trace shows the caller.
    const resolved = resolveOptions(options, strategy, endpoints);
    return moduleOf(strategy, OptionsModule.of({ useFactory: () => resolved }), endpoints);
  }

  /**
   * Takes the options from a factory. Nest injects the parameters of the factory.
   * @example
   * WsAuthModule.forRootAsync({
   *   strategy: connectionLease,
   *   imports: [UsersModule],
   *   inject: [ConfigService, UsersService],
   *   useFactory: (config: ConfigService, directory: UsersService) => ({ secret: config.getOrThrow('WS_AUTH_SECRET'), directory }),
   * })
   */
  static forRootAsync({
    strategy,
    http = {},
    useFactory,
    ...injected
  }: WsAuthModuleOptions & AsyncFactory<WsAuthOptions>): DynamicModule {
    const endpoints = resolveHttp(http);
    const resolved = async (...given: never[]) => resolveOptions(await useFactory(...given), strategy, endpoints);
    return moduleOf(strategy, OptionsModule.of({ ...injected, useFactory: resolved }), endpoints);
  }

  /**
   * Gives one namespace its own strategy, beside the strategy of `forRoot`. Import it once for a namespace, in any module. The
   * HTTP endpoints of the strategy are off unless `http` gives them a path of their own.
   * @throws ConfigurationError `ERR_NAMESPACE` if the namespace is empty, and at start if no gateway has it, if it is given two
   * strategies, or if two strategies use sessions of the kit; otherwise as `forRoot`
   * @example WsAuthModule.forFeature('/admin', { strategy: session, session: { middleware, user: (request) => request.session.user } })
   */
  static forFeature(
    namespace: string,
    { strategy, http = false, ...given }: WsAuthModuleOptions & NamespaceOptions,
  ): DynamicModule {
    const name = requireNamespace(namespace);
    const endpoints = resolveHttp(http);
    const options = OptionsModule.of({
      inject: [ROOT_OPTIONS],
      useFactory: (root: ResolvedOptions) => namespaceOptions(root, given, strategy, endpoints),
    });
    return {
      module: WsAuthModule,
      imports: [strategy.module({ options, http: endpoints })],
      providers: [
        {
          // Nest shows this text if `forRoot` is missing.
          provide: Symbol(`WsAuthModule.forFeature of ${name}, which needs WsAuthModule.forRoot in the root module`),
          inject: [Authenticators, Authenticator],
          useFactory: (all: Authenticators, own: Authenticator) => all.add(name, own),
        },
      ],
    };
  }
}

function moduleOf(strategy: Strategy, options: DynamicModule, http: HttpEndpoints | false): DynamicModule {
  const own = strategy.module({ options, http });
  return {
    module: WsAuthModule,
    global: true,
    imports: [options, own],
    providers: [
      { provide: ROOT_OPTIONS, useExisting: WS_AUTH_OPTIONS },
      Authenticators,
      Connections,
      Transports,
      UpgradeGate,
      EarlyRefusals,
      Admission,
      EventLimits,
      RenewalGate,
      SignInGate,
      HandshakeGate,
      Wiring,
      WsAuthService,
      AuthGuard,
      RolesGuard,
      MessageGuard,
      { provide: APP_GUARD, useClass: NoRolesGuard },
    ],
    // `own` re-exports the providers of the strategy, such as ACCESS_TOKENS.
    exports: [ROOT_OPTIONS, Authenticators, Connections, HandshakeGate, WsAuthService, own],
  };
}
