import { MetadataScanner, type ModulesContainer } from '@nestjs/core';
import type { GatewayMetadata } from '@nestjs/websockets';
import { namespaceName } from './options/namespace-options.ts';

/** Set by @WebSocketGateway() on a class. */
const GATEWAY = 'websockets:is_gateway';
const OPTIONS = 'websockets:gateway_options';
/** Set by @SubscribeMessage() on a method. */
const IS_HANDLER = 'websockets:message_mapping';
const MESSAGE = 'message';
/** Set by parameter decorators on a class, for each of its methods. */
const PARAMETERS = '__routeArguments__';

type Module = NonNullable<ReturnType<ModulesContainer['get']>>;
type Wrapper = NonNullable<ReturnType<Module['providers']['get']>>;

export interface FoundGateway {
  /** The name of its class. */
  readonly name: string;
  /** With its slash. */
  readonly namespace: string;
  /** The options that were passed to its decorator. */
  readonly options: GatewayMetadata;
  readonly wrapper: Wrapper;
  readonly metatype: object;
  readonly handlers: readonly FoundHandler[];
}

interface FoundHandler {
  /** The name of its method. */
  readonly name: string;
  /** The event that it handles. */
  readonly message: string;
  readonly method: object;
  /** It has no parameter decorators, so Nest passes it the ack as the third parameter. */
  readonly takesAck: boolean;
}

/** Every gateway of an application. */
export const gatewaysIn = (modules: ModulesContainer): FoundGateway[] =>
  Array.from(modules.values()).flatMap(({ providers }) =>
    Array.from(providers.values()).flatMap((wrapper) => {
      const { metatype } = wrapper;
      if (typeof metatype !== 'function' || !Reflect.getMetadata(GATEWAY, metatype)) return [];
      const options = (Reflect.getMetadata(OPTIONS, metatype) ?? {}) as GatewayMetadata;
      const namespace = namespaceName(String(options.namespace ?? '/'));
      const handlers = handlersOf(metatype.prototype as object);
      return [{ name: metatype.name, namespace, options, wrapper, metatype, handlers }];
    }),
  );

const handlersOf = (prototype: object): FoundHandler[] =>
  new MetadataScanner().getAllMethodNames(prototype).flatMap((name) => {
    const method = (prototype as Record<string, (...parameters: never[]) => unknown>)[name]!;
    if (!Reflect.getMetadata(IS_HANDLER, method)) return [];
    const takesAck = method.length > 2 && !Reflect.hasMetadata(PARAMETERS, prototype.constructor, name);
    return [{ name, message: String(Reflect.getMetadata(MESSAGE, method)), method, takesAck }];
  });
