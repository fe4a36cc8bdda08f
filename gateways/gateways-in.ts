import type { ModulesContainer } from '@nestjs/core';
import type { GatewayMetadata } from '@nestjs/websockets';

/** Set by @WebSocketGateway() on a class. */
const GATEWAY = 'websockets:is_gateway';
const OPTIONS = 'websockets:gateway_options';

type Module = NonNullable<ReturnType<ModulesContainer['get']>>;
type Wrapper = NonNullable<ReturnType<Module['providers']['get']>>;

export interface FoundGateway {
  /** The name of its class. */
  readonly name: string;
  /** The options that were passed to its decorator. */
  readonly options: GatewayMetadata;
  readonly wrapper: Wrapper;
}

/** Every gateway of an application. */
export const gatewaysIn = (modules: ModulesContainer): FoundGateway[] =>
  Array.from(modules.values()).flatMap(({ providers }) =>
    Array.from(providers.values()).flatMap((wrapper) => {
      const { metatype } = wrapper;
      if (typeof metatype !== 'function' || !Reflect.getMetadata(GATEWAY, metatype)) return [];
      const options = (Reflect.getMetadata(OPTIONS, metatype) ?? {}) as GatewayMetadata;
      return [{ name: metatype.name, options, wrapper }];
    }),
  );
