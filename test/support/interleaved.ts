import type * as fc from 'fast-check';
import { HardenedLongLivedTokenAuthenticator } from '../../strategies/long-lived-token/long-lived-token.authenticator.ts';
import type { MemoryDirectory } from '../../strategies/shared/accounts/directory.ts';
import type { RefreshFamilies } from '../../strategies/shared/stores/families.ts';
import { revokedBy, type Revocations } from '../../strategies/shared/stores/revocations.ts';
import { TokenService } from '../../strategies/shared/tokens/token-service.ts';
import { revokes } from '../../strategies/shared/revocation.ts';
import {
  type Clock,
  type IssuedCredential,
  type Principal,
  type Revocation,
  type Stores,
  type StrategyOptions,
  type UserDirectory,
} from '../../strategies/strategy.ts';

/** The one store of all nodes. */
export interface SharedStores extends Stores {
  readonly revocations: Revocations & { epochOf(subject: string): number };
}

/** Makes a node's stores worse than they are, to show that this would be found. */
export type Sabotage = (stores: Stores, clock: Clock) => Stores;

/** A connection as the gateways keep it: `pending` notes what is revoked until it is decided. */
interface ModelConnection {
  principal: Principal | undefined;
  readonly meanwhile: Revocation[];
  open: boolean;
}

/**
 * One node of an application, whose every exchange with the store is a request and an answer. `scheduler` chooses which
 * of them arrives next, so that any order comes about that a network could bring about.
 */
export class ModelNode {
  readonly tokens: TokenService;
  readonly connections: ModelConnection[] = [];
  readonly #scheduler: fc.Scheduler;
  readonly #authenticator: HardenedLongLivedTokenAuthenticator;
  readonly #listeners = new Set<(revocation: Revocation) => void>();

  constructor(
    scheduler: fc.Scheduler,
    shared: SharedStores,
    options: Omit<StrategyOptions, 'stores'> & { readonly directory: MemoryDirectory },
    peers: readonly ModelNode[],
    sabotage: Sabotage = (stores) => stores,
  ) {
    this.#scheduler = scheduler;
    const remote: Stores = {
      ...shared,
      revocations: this.#revocations(shared.revocations, peers),
      families: this.#remote(shared.families, ['begin', 'rotate', 'has', 'end']),
    };
    const stores = sabotage(remote, options.clock);
    const directory = this.#slow(options.directory);
    this.tokens = new TokenService({ ...options, directory, stores });
    this.#authenticator = new HardenedLongLivedTokenAuthenticator(this.tokens, { ...options, directory, stores });
    this.#authenticator.onRevoked((revocation) => this.#revoke(revocation));
  }

  /** As HandshakeGate does: what was revoked while it was decided ends it at once. Answers what it was issued. */
  async connect(auth: Record<string, unknown>): Promise<IssuedCredential | undefined> {
    const connection: ModelConnection = { principal: undefined, meanwhile: [], open: false };
    this.connections.push(connection);
    const decision = await this.#authenticator.authenticate({ auth, request: undefined as never, namespace: '/chat' });
    if (!decision.admitted) return undefined;
    connection.principal = decision.principal;
    connection.open = !connection.meanwhile.some((revocation) => revokes(revocation, decision.principal));
    return decision.issued;
  }

  hear(revocation: Revocation): void {
    for (const listener of this.#listeners) listener(revocation);
  }

  #revoke(revocation: Revocation): void {
    for (const connection of this.connections) {
      const { principal } = connection;
      if (principal === undefined) connection.meanwhile.push(revocation);
      else if (revokes(revocation, principal)) connection.open = false;
    }
  }

  /** The request travels, the store runs it alone, and the answer travels back. */
  async #exchange<T>(name: string, run: () => Promise<T>): Promise<T> {
    const answer = await this.#scheduler.scheduleFunction(async function request() {
      return run();
    })();
    return this.#scheduler.schedule(Promise.resolve(answer), `answer of ${name}`);
  }

  #remote(families: RefreshFamilies, methods: readonly (keyof RefreshFamilies)[]): RefreshFamilies {
    const entries = methods.map((method) => {
      const run = families[method].bind(families) as (...args: unknown[]) => Promise<unknown>;
      return [method, (...args: unknown[]) => this.#exchange(method, () => run(...args))];
    });
    return Object.fromEntries(entries) as RefreshFamilies;
  }

  /** Passwords take their time, and what is found may be old when it is told. */
  #slow(directory: MemoryDirectory): UserDirectory {
    return {
      verifyPassword: (...given) => this.#exchange('verifyPassword', () => directory.verifyPassword(...given)),
      find: (subject) => this.#exchange('find', async () => directory.find(subject)),
      onChange: (listener) => directory.onChange(listener),
    };
  }

  /** As RedisRevocations: its own listeners hear at once, other nodes by a message, and what is unsent is known here. */
  #revocations(shared: SharedStores['revocations'], peers: readonly ModelNode[]): Revocations {
    const unsent = new Set<Revocation>();
    return {
      epoch: () => this.#exchange('epoch', () => shared.epoch()),
      unban: (subject) => this.#exchange('unban', () => shared.unban(subject)),
      rolesOf: (subject) => this.#exchange('rolesOf', () => shared.rolesOf(subject)),
      check: async (principal) =>
        revokedBy([...unsent], principal) ?? this.#exchange('check', () => shared.check(principal)),
      publish: async (revocation, ...rest) => {
        unsent.add(revocation);
        this.hear(revocation);
        await this.#exchange('publish', async () => {
          await shared.publish(revocation, ...rest);
          const narrowed = revocation.sessionId ?? revocation.tokenId ?? revocation.roles;
          const epoch = shared.epochOf(revocation.subject);
          const told = narrowed === undefined ? { ...revocation, epoch } : revocation;
          for (const peer of peers) {
            if (peer !== this) void this.#scheduler.schedule(Promise.resolve(), 'push').then(() => peer.hear(told));
          }
        });
        unsent.delete(revocation);
      },
      onRevoked: (listener) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
    };
  }
}

/** A node's clock that is wrong by `skew` ms. */
export const skewed = (clock: Clock, skew: number): Clock => ({
  now: () => clock.now() + skew,
  schedule: (ms, run) => clock.schedule(ms, run),
});
