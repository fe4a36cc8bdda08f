import 'reflect-metadata';
import type { INestApplicationContext } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';

/** The keys under which `@nestjs/websockets` keeps what its decorators say. */
const GATEWAY = 'websockets:is_gateway';
const OPTIONS = 'websockets:gateway_options';
const EVENT = 'message';

export interface AppEvent {
  readonly namespace: string;
  readonly event: string;
}

/** Every event that a gateway of the app handles, once a handler. */
export function eventsOf(app: INestApplicationContext): AppEvent[] {
  const providers = [...app.get(ModulesContainer).values()].flatMap((module) => [...module.providers.values()]);
  const gateways = new Set(providers.map(({ metatype }) => metatype).filter(isGateway));
  return [...gateways].flatMap((gateway) => {
    const { namespace = '/' } = Reflect.getMetadata(OPTIONS, gateway) as { namespace?: string };
    return handlersOf(gateway.prototype as object).map((event) => ({ namespace, event }));
  });
}

type Constructor = abstract new (...args: never[]) => object;

const isGateway = (metatype: unknown): metatype is Constructor =>
  typeof metatype === 'function' && Reflect.getMetadata(GATEWAY, metatype) === true;

/** Of the class and of what it extends. */
function handlersOf(prototype: object): string[] {
  const parent = Object.getPrototypeOf(prototype) as object | null;
  const own = Object.values(Object.getOwnPropertyDescriptors(prototype)).flatMap(({ value }: PropertyDescriptor) => {
    const event: unknown = typeof value === 'function' ? Reflect.getMetadata(EVENT, value as object) : undefined;
    return typeof event === 'string' ? [event] : [];
  });
  return parent === null || parent === Object.prototype ? own : [...own, ...handlersOf(parent)];
}
