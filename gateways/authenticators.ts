import { Inject, Injectable } from '@nestjs/common';
import { ConfigurationError } from '../strategies/shared/errors.ts';
import { Authenticator } from '../strategies/strategy.ts';

/** Finds the authenticator of a namespace: that of its `WsAuthModule.forFeature`, or else that of `forRoot`. */
@Injectable()
export class Authenticators {
  readonly #root: Authenticator;
  readonly #own = new Map<string, Authenticator>();
  readonly #listeners = new Set<(authenticator: Authenticator) => void>();
  #started = false;

  constructor(@Inject(Authenticator) root: Authenticator) {
    this.#root = root;
  }

  /** The authenticator of `namespace`, which begins with a slash. */
  of(namespace: string): Authenticator {
    return this.#own.get(namespace) ?? this.#root;
  }

  /** All authenticators; that of `forRoot` is the first. */
  get all(): readonly Authenticator[] {
    return [this.#root, ...this.#own.values()];
  }

  /** The namespaces that have a strategy of their own. */
  get namespaces(): readonly string[] {
    return [...this.#own.keys()];
  }

  /** From now on, `add` throws: the namespaces take connections. */
  started(): void {
    this.#started = true;
  }

  /** @throws ConfigurationError `ERR_NAMESPACE` if the namespace already has a strategy of its own, or after the start */
  add(namespace: string, authenticator: Authenticator): void {
    if (this.#started) {
      throw new ConfigurationError(
        'ERR_NAMESPACE',
        `WsAuthModule.forFeature is imported for ${namespace} in a module that is loaded after the start. Import it in a module that the application starts with`,
      );
    }
    if (this.#own.has(namespace)) {
      throw new ConfigurationError(
        'ERR_NAMESPACE',
        `WsAuthModule.forFeature is imported twice for the namespace ${namespace}. Import it once`,
      );
    }
    this.#own.set(namespace, authenticator);
    for (const listener of this.#listeners) listener(authenticator);
  }

  /** Calls `listener` with each authenticator, also with each that is added later. */
  forEach(listener: (authenticator: Authenticator) => void): void {
    for (const authenticator of this.all) listener(authenticator);
    this.#listeners.add(listener);
  }
}
