import { Inject, Injectable } from '@nestjs/common';
import { ConfigurationError } from '../strategies/shared/errors.ts';
import { Authenticator } from '../strategies/strategy.ts';

/** The authenticator of each namespace: that of `WsAuthModule.forFeature`, and otherwise that of `forRoot`. */
@Injectable()
export class Authenticators {
  readonly #root: Authenticator;
  readonly #own = new Map<string, Authenticator>();
  readonly #listeners = new Set<(authenticator: Authenticator) => void>();

  constructor(@Inject(Authenticator) root: Authenticator) {
    this.#root = root;
  }

  /** `namespace` begins with a slash. */
  of(namespace: string): Authenticator {
    return this.#own.get(namespace) ?? this.#root;
  }

  /** Of `forRoot` first. */
  get all(): readonly Authenticator[] {
    return [this.#root, ...this.#own.values()];
  }

  /** The namespaces that have a strategy of their own. */
  get namespaces(): readonly string[] {
    return [...this.#own.keys()];
  }

  /** @throws ConfigurationError `ERR_NAMESPACE` if the namespace has a strategy of its own already */
  add(namespace: string, authenticator: Authenticator): void {
    if (this.#own.has(namespace)) {
      throw new ConfigurationError(
        'ERR_NAMESPACE',
        `WsAuthModule.forFeature is imported twice for the namespace ${namespace}. Import it once`,
      );
    }
    this.#own.set(namespace, authenticator);
    for (const listener of this.#listeners) listener(authenticator);
  }

  /** Calls `listener` with each authenticator, those that are added later included. */
  forEach(listener: (authenticator: Authenticator) => void): void {
    for (const authenticator of this.all) listener(authenticator);
    this.#listeners.add(listener);
  }
}
