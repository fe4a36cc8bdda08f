import { Controller, RequestMethod, type Type } from '@nestjs/common';
import type { ModulesContainer } from '@nestjs/core';
import type { HttpEndpoints } from '../../strategy.ts';

/** The controllers of the kit, to tell them from those of the application. */
const placed = new WeakSet<object>();

/**
 * Makes the controllers of a strategy's endpoints, with the application's path and decorators. A key is what follows that
 * path. Each controller is a new class, so that two applications in one process do not change each other's.
 * @example controllersAt(http, { '': TokenController, '/cookie': CookieController })
 */
export function controllersAt(http: HttpEndpoints, controllers: Readonly<Record<string, Type>>): Type[] {
  return Object.entries(controllers).map(([below, controller]) => {
    const own = class extends controller {};
    Object.defineProperty(own, 'name', { value: controller.name });
    Controller(http.path + below)(own);
    for (const decorate of http.decorators) decorate(own);
    placed.add(own);
    return own;
  });
}

/**
 * The first POST route of the application that collides with an endpoint of the kit, with its controller; or the first
 * controller of the kit at a path that another one of it has.
 */
export function collisionIn(modules: ModulesContainer, endpoint: RegExp): string | undefined {
  const controllers = Array.from(modules.values()).flatMap((module) => Array.from(module.controllers.values()));
  const ofKit = new Set<string>();
  for (const { metatype } of controllers) {
    if (typeof metatype !== 'function') continue;
    if (placed.has(metatype)) {
      // Express ignores case.
      const path = pathsOf(metatype).join().toLowerCase();
      if (ofKit.has(path)) return `${metatype.name} of another namespace at /${path}`;
      ofKit.add(path);
      continue;
    }
    const route = routesOf(metatype).find((path) => endpoint.test(path));
    if (route !== undefined) return `POST ${route} of ${metatype.name}`;
  }
  return undefined;
}

/** Metadata keys of Nest's route decorators. */
const PATH = 'path';
const METHOD = 'method';

function routesOf(controller: Function): string[] {
  const prefixes = pathsOf(controller);
  const prototype = controller.prototype as Record<string, unknown>;
  return Object.getOwnPropertyNames(prototype).flatMap((name) => {
    const handler = name === 'constructor' ? undefined : prototype[name];
    if (typeof handler !== 'function' || Reflect.getMetadata(METHOD, handler) !== RequestMethod.POST) return [];
    return prefixes.flatMap((prefix) => pathsOf(handler).map((path) => `/${prefix}/${path}`.replace(/\/+/g, '/')));
  });
}

const pathsOf = (decorated: object): string[] => [Reflect.getMetadata(PATH, decorated) as string | string[]].flat();
