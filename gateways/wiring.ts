import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost, ModulesContainer } from '@nestjs/core';
import { ConfigurationError } from '../strategies/shared/errors.ts';
import { Authenticators } from './authenticators.ts';
import { type FoundGateway, gatewaysIn } from './gateways-in.ts';
import { HandshakeGate } from './handshake/handshake.gate.ts';
import { isPublic } from './messages/public.ts';
import { type ResolvedOptions, WS_AUTH_OPTIONS } from './options/options.ts';
import { originsOfCors } from './options/origins.ts';
import { WsManager } from './ws-manager.ts';

/** Stops the start of an application whose wiring would silently let everyone in, or keep everyone out. */
@Injectable()
export class Wiring implements OnModuleInit, OnApplicationBootstrap {
  constructor(
    @Inject(ModulesContainer) private readonly modules: ModulesContainer,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(HandshakeGate) private readonly gate: HandshakeGate,
    @Inject(WS_AUTH_OPTIONS) private readonly options: ResolvedOptions,
    @Inject(Authenticators) private readonly authenticators: Authenticators,
  ) {}

  onModuleInit(): void {
    const own = Array.from(this.modules.values()).filter((module) => module.providers.has(Wiring));
    if (own.length > 1) {
      throw new ConfigurationError(
        'ERR_MODULE_TWICE',
        'WsAuthModule is imported twice, and the two would not share their connections. Import it once, in the root module: it is global',
      );
    }
    const gateways = gatewaysIn(this.modules);
    requirePublicNamespaces(gateways);
    for (const { name, options, wrapper } of gateways) {
      if (!wrapper.isDependencyTreeStatic()) {
        throw refuse(
          name,
          'is request-scoped, but a gateway has no request. Use the default scope for it and for all providers that it injects',
        );
      }
      if (options.namespace instanceof RegExp) {
        throw refuse(name, 'has a pattern as its namespace. Write one gateway for each namespace, with its exact name');
      }
      if (options.cors !== undefined && !originsOfCors(options.cors, this.options.origins)) {
        throw refuse(
          name,
          'has a cors option that differs from origins, and only origins counts. Remove cors, and list its origins in origins',
        );
      }
      if (options.transports !== undefined && !sameNames(options.transports, this.options.transports)) {
        throw refuse(
          name,
          `has a transports option, and only that of WsAuthModule.forRoot counts. Remove it, and pass transports: ${JSON.stringify(options.transports)} to forRoot`,
        );
      }
    }
    const served = gateways.map(({ namespace }) => namespace);
    const unserved = this.authenticators.namespaces.find((namespace) => !served.includes(namespace));
    if (unserved !== undefined) {
      throw new ConfigurationError(
        'ERR_NAMESPACE',
        `WsAuthModule.forFeature names the namespace ${unserved}, but no gateway has it. Name one of these: ${served.join(', ')}`,
      );
    }
    // Both would read the same request, and each would find what the other wrote on it.
    if (this.authenticators.all.filter(({ upgradeMiddleware }) => upgradeMiddleware !== undefined).length > 1) {
      throw new ConfigurationError(
        'ERR_NAMESPACE',
        "Two namespaces use the kit's own sessions, and one session would open both. Use the strategy session in forRoot or in one forFeature only",
      );
    }
    this.authenticators.started();
  }

  /** Runs when the servers of the gateways exist but do not listen yet. */
  onApplicationBootstrap(): void {
    const gateways = gatewaysIn(this.modules);
    const isOpen = ({ wrapper: { instance } }: FoundGateway): boolean =>
      instance instanceof WsManager && this.gate.isOpenedBy(instance);
    // A worker that runs the same modules opens no gateway. A microservice does, and has no HTTP server either.
    if (!this.host.httpAdapter?.getType() && !gateways.some(isOpen)) return;
    if (gateways.length > 0 && !this.gate.guardsServer) {
      throw new ConfigurationError(
        'ERR_ADAPTER',
        'AuthAdapter is not installed, so the gateways are open to everyone. Before app.listen(), call app.useWebSocketAdapter(new AuthAdapter(app))',
      );
    }
    for (const gateway of gateways) {
      if (gateway.wrapper.instance instanceof WsManager && !isOpen(gateway)) {
        throw refuse(
          gateway.name,
          'overrides afterInit without calling super, so its namespace stays closed. Call super.afterInit(server) in it',
        );
      }
    }
    const opened = new Set(gateways.filter(isOpen).map(({ namespace }) => namespace));
    for (const { name, namespace } of gateways) {
      if (!opened.has(namespace)) {
        new Logger('WsAuthModule').warn(
          `${name} is not reachable: no gateway that extends WsManager opens its namespace ${namespace}. Let ${name} extend WsManager`,
        );
      }
    }
    if (this.options.adapter !== undefined && this.options.transports.includes('polling')) {
      new Logger('WsAuthModule').log(
        'Long polling is on: a load balancer must send all requests of a client to the same node (sticky sessions)',
      );
    }
    if (this.options.storesInMemory) {
      new Logger('WsAuthModule').log(
        'Sign-ins and revocations are kept in the memory of this process: a restart ends every sign-in, and other nodes do not ' +
          'know of a revocation. Pass stores to share them',
      );
    }
  }
}

const sameNames = (some: readonly string[], others: readonly string[]): boolean =>
  some.length === others.length && some.every((name) => others.includes(name));

/** A namespace is public as a whole, because its broadcasts reach every client in it. */
function requirePublicNamespaces(gateways: readonly FoundGateway[]): void {
  const open = gateways.filter(({ metatype }) => isPublic(metatype));
  for (const gateway of gateways.filter((one) => !open.includes(one))) {
    const handler = gateway.handlers.find(({ method }) => isPublic(method));
    if (handler !== undefined) {
      throw refuse(
        gateway.name,
        `has @Public() on ${handler.name}, but not on the class, so no guest gets into its namespace. Put @Public() on the class too, or remove it`,
      );
    }
    const other = open.find(({ namespace }) => namespace === gateway.namespace);
    if (other !== undefined) {
      throw refuse(
        gateway.name,
        `shares its namespace with ${other.name}, which is @Public(), so guests would get its broadcasts. Put @Public() on both, or give one of them another namespace`,
      );
    }
  }
}

const refuse = (gateway: string, what: string): ConfigurationError =>
  new ConfigurationError('ERR_GATEWAY', `${gateway} ${what}`);
