import { type DynamicModule, type FactoryProvider, Module, type ModuleMetadata } from '@nestjs/common';
import { STRATEGY_OPTIONS } from '../../strategies/strategy.ts';
import { type ResolvedOptions, strategyOptionsOf, WS_AUTH_OPTIONS } from './options.ts';

/** A factory with injected providers, in the shape that `registerAsync` and `forRootAsync` of Nest modules take. */
export interface AsyncFactory<T> extends Pick<ModuleMetadata, 'imports'>, Pick<FactoryProvider, 'inject'> {
  // `never[]` accepts a factory with parameters of any type.
  readonly useFactory: (...injected: never[]) => T | Promise<T>;
}

/**
 * Is different in each module of options. With `moduleIdGeneratorAlgorithm: 'deep-hash'`, Nest takes modules whose factories read
 * alike for one module, and a namespace would get the strategy of another.
 */
const IDENTITY = Symbol('identity of the options');
let made = 0;

/** Provides the options, checked and with their defaults, to the gateways and to the strategy. */
@Module({})
export class OptionsModule {
  static of({ imports = [], inject = [], useFactory }: AsyncFactory<ResolvedOptions>): DynamicModule {
    return {
      module: OptionsModule,
      imports,
      providers: [
        { provide: IDENTITY, useValue: (made += 1) },
        { provide: WS_AUTH_OPTIONS, inject, useFactory },
        { provide: STRATEGY_OPTIONS, inject: [WS_AUTH_OPTIONS], useFactory: strategyOptionsOf },
      ],
      exports: [WS_AUTH_OPTIONS, STRATEGY_OPTIONS],
    };
  }
}
