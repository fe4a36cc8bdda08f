import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromAuth } from '../../strategies/shared/access-tokens/extract-token.ts';
import { ManualClock } from '../../harness/app/manual-clock.ts';
import { MemoryDirectory } from '../../strategies/shared/accounts/directory.ts';
import { AuthError } from '../../strategies/shared/errors.ts';
import { MemoryRefreshFamilies } from '../../strategies/shared/stores/memory/families.ts';
import { MemoryRevocations } from '../../strategies/shared/stores/memory/revocations.ts';
import { type Revocations, type SubjectRevocation } from '../../strategies/shared/stores/revocations.ts';
import type { TokenPair } from '../../strategies/shared/tokens/token-pairs.ts';
import { defaultLifetimes } from '../../strategies/shared/lifetimes.ts';
import { defaultSignInLimits } from '../../strategies/shared/contract/sign-in-limits.ts';
import { memoryStores } from '../../strategies/shared/stores/memory/index.ts';
import { type Clock, type Principal, type RefusalCode, type Stores } from '../../strategies/strategy.ts';
import { ModelNode, type Sabotage, type SharedStores, skewed } from '../support/interleaved.ts';
import { patience, roundsOf, seed } from './rounds.ts';

/** In `npm test`, and in `npm run soak`. */
const INTERLEAVINGS = roundsOf(2000, 100_000);

const OLD = 'the old password';
const NEW = 'the new password';
const secret = randomBytes(32).toString('base64url');

/** What the owner does on the first node while a thief is at work on the last. */
const deeds = ['sign-out', 'password', 'ban', 'roles'] as const;
type Deed = (typeof deeds)[number];

const scenarios = fc.record({
  deed: fc.constantFrom(...deeds),
  nodes: fc.integer({ min: 2, max: 4 }),
  /** ms */
  skews: fc.array(fc.integer({ min: -2000, max: 2000 }), { minLength: 4, maxLength: 4 }),
  renewals: fc.integer({ min: 1, max: 4 }),
  /** Whether other people are revoked meanwhile, too. */
  noise: fc.boolean(),
});

type Scenario = typeof scenarios extends fc.Arbitrary<infer T> ? T : never;

/** Runs it in the order that `s` draws; answers who is let in afterwards and should not be, or the other way round. */
async function explore(
  s: fc.Scheduler,
  { deed, nodes: count, skews, renewals, noise }: Scenario,
  { shared: made = memoryStores, sabotage }: Mutant = {},
): Promise<string[]> {
  const clock = new ManualClock();
  const shared = made(clock) as SharedStores;
  const hash = async (password: string) => Buffer.from(password.padEnd(32));
  const directories: MemoryDirectory[] = [];
  const nodes: ModelNode[] = [];
  // A ban and new roles are known to the owner's directory alone; a password that a directory still takes is its own matter.
  const lags = deed === 'ban' || deed === 'roles';
  for (let index = 0; index < count; index++) {
    const directory = index === 0 || lags ? new MemoryDirectory(hash) : directories[0]!.replica();
    if (index === 0 || lags) await directory.add({ subject: 'ann', username: 'ann', password: OLD, roles: ['admin'] });
    directories.push(directory);
    const own = skewed(clock, skews[index]!);
    const options = { variant: 'hardened', secret, directory, clock: own, lifetimes: defaultLifetimes } as const;
    const signIn = {
      report: () => {},
      limits: defaultSignInLimits,
      addressOf: () => '192.0.2.1',
      extractToken: fromAuth(),
    };
    nodes.push(new ModelNode(s, shared, { ...options, ...signIn }, nodes, sabotage));
  }
  const [first, last] = [nodes[0]!, nodes.at(-1)!];
  const owner = await s.waitFor(first.tokens.signIn('ann', OLD));
  const stolen = await s.waitFor(first.tokens.signIn('ann', OLD));

  const escaped: TokenPair[] = [stolen.pair];
  const wsTokens: string[] = [];
  const renewing = async () => {
    let { refreshToken } = stolen.pair;
    for (let round = 0; round < renewals; round++) {
      const { pair } = await last.tokens.refresh(refreshToken);
      escaped.push(pair);
      ({ refreshToken } = pair);
      const issued = await last.connect({ token: pair.accessToken });
      if (issued !== undefined) wsTokens.push(String(issued['wsToken']));
    }
  };
  const signingIn = async () => void escaped.push((await last.tokens.signIn('ann', OLD)).pair);
  const acting = async () => {
    if (deed === 'sign-out') await first.tokens.signOut(owner.pair.refreshToken, true);
    else if (deed === 'password') await directories[0]!.setPassword('ann', NEW);
    else if (deed === 'ban') directories[0]!.setBanned('ann', true);
    else directories[0]!.setRoles('ann', []);
  };
  const disturbing = async () => {
    for (let round = 0; round < 3; round++) {
      await last.tokens.revocations.publish({ code: 'revoked', subject: 'bob' }, clock.now() + 1_000_000);
    }
  };
  const work = [renewing, ...(deed === 'sign-out' ? [] : [signingIn]), acting, ...(noise ? [disturbing] : [])];
  const settled = Promise.all(work.map((each) => each().catch(refusal)));
  await s.waitFor(settled);
  await s.waitIdle();
  return s.waitFor(faults(deed, { nodes, escaped, wsTokens }));
}

/** A refusal is an answer; whatever else is thrown is a fault of the model. */
function refusal(error: unknown): RefusalCode {
  if (error instanceof AuthError) return error.code;
  throw error;
}

/** Who is still let in, on any node, with what was handed out before the deed was done. */
async function faults(
  deed: Deed,
  {
    nodes,
    escaped,
    wsTokens,
  }: { nodes: readonly ModelNode[]; escaped: readonly TokenPair[]; wsTokens: readonly string[] },
): Promise<string[]> {
  const found: string[] = [];
  const barred = (code: RefusalCode | 'admitted', what: string) => {
    const [wanted] = deed === 'roles' ? ['roles-changed'] : deed === 'ban' ? ['banned'] : ['revoked'];
    if (code !== wanted) found.push(`${what}: ${code} instead of ${wanted}`);
  };
  const kept = (code: RefusalCode | 'admitted', what: string) => {
    if (code !== 'admitted') found.push(`${what}: ${code}`);
  };
  for (const [index, { tokens, connections }] of nodes.entries()) {
    const admits = async (kind: 'access' | 'ws', token: string) => {
      const claims = await tokens.issuer.verify(kind, token);
      // Without the role that was lost, a token may pass.
      if (deed === 'roles' && claims.roles.length === 0) return 'roles-changed' as const;
      return tokens.requireCurrentPrincipal(claims).then(() => 'admitted' as const, refusal);
    };
    for (const { accessToken, refreshToken } of escaped) {
      barred(await admits('access', accessToken), `access token on node ${index}`);
      if (deed === 'roles') continue;
      barred(await tokens.refresh(refreshToken).then(() => 'admitted', refusal), `refresh token on node ${index}`);
    }
    for (const token of wsTokens) barred(await admits('ws', token), `WS token on node ${index}`);
    for (const { open, principal } of connections) {
      if (open && (deed !== 'roles' || principal!.roles.length > 0))
        found.push(`a connection is open on node ${index}`);
    }
  }
  const signedIn = nodes.at(-1)!.tokens.signIn('ann', OLD);
  if (deed === 'ban') barred(await signedIn.then(() => 'admitted', refusal), 'a later sign-in');
  if (deed === 'roles') expect((await signedIn).claims.access.roles).toEqual([]);
  if (deed === 'ban' || deed === 'roles') return found;
  await signedIn.catch(refusal);
  // A sign-in that comes now is not ended by what came before.
  const later = await nodes.at(-1)!.tokens.signIn('ann', deed === 'password' ? NEW : OLD);
  for (const [index, { tokens }] of nodes.entries()) {
    const passes = tokens.requireCurrentPrincipal(later.claims.access);
    kept(await passes.then(() => 'admitted' as const, refusal), `a later sign-in on node ${index}`);
    kept(await tokens.refresh(later.pair.refreshToken).then(() => 'admitted' as const, refusal), 'its renewal');
  }
  return found;
}

interface Mutant {
  /** In the place of the stores in memory. */
  readonly shared?: (clock: Clock) => Stores;
  readonly sabotage?: Sabotage;
}

/** Takes the epoch that it is given: the time of a node, which is not that of the store's order. */
class TimedRevocations extends MemoryRevocations {
  readonly #ended = new Map<string, number>();

  override async publish(revocation: SubjectRevocation & { epoch?: number }, ...rest: number[]): Promise<void> {
    const { subject, epoch = 0, sessionId, roles } = revocation;
    if (sessionId !== undefined || roles !== undefined) return super.publish(revocation, ...rest);
    this.#ended.set(subject, Math.max(this.epochOf(subject), epoch));
  }

  override async check(principal: Principal): Promise<RefusalCode | undefined> {
    if ((principal.epoch ?? 0) < this.epochOf(principal.subject)) return 'revoked';
    return super.check({ ...principal, epoch: await super.epoch() });
  }

  override epochOf(subject: string): number {
    return this.#ended.get(subject) ?? 0;
  }
}

const withRevocations =
  (change: (revocations: Revocations, clock: Clock) => Partial<Revocations>): Sabotage =>
  (stores, clock) => ({ ...stores, revocations: { ...stores.revocations, ...change(stores.revocations, clock) } });

const mutants: Readonly<Record<string, Mutant>> = {
  'takes the time of a node before the store knows of a revocation': {
    shared(clock) {
      const revocations = new TimedRevocations(clock);
      const families = new MemoryRefreshFamilies((subject) => revocations.epochOf(subject));
      return { ...memoryStores(clock), revocations, families };
    },
    sabotage: (stores, clock) => ({
      ...stores,
      revocations: {
        ...stores.revocations,
        epoch: async () => clock.now(),
        publish: (revocation, ...rest) =>
          stores.revocations.publish({ ...revocation, epoch: clock.now() + 1 } as typeof revocation, ...rest),
      },
      families: {
        ...stores.families,
        rotate: (id, presented, next, ...rest) => {
          const epoch = clock.now();
          const { access, refresh } = next;
          const stamped = { access: { ...access, epoch }, refresh: { ...refresh, epoch } };
          return stores.families.rotate(id, presented, stamped, ...rest);
        },
      },
    }),
  },
  'lets a directory that knows of no ban decide': {
    sabotage: withRevocations((revocations) => ({
      publish: (revocation, until) => revocations.publish(revocation, until),
    })),
  },
  'lets a directory that knows of no lost role decide': {
    sabotage: withRevocations((revocations) => ({
      rolesOf: async () => undefined,
      publish: (revocation, ...rest) =>
        revocations.publish(revocation, ...(revocation.roles === undefined ? rest : [])),
    })),
  },
};

describe('however the requests of several nodes interleave at their store', { timeout: 10 * patience }, () => {
  it('nothing that was handed out before a revocation passes after it, and nothing later is lost to it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), scenarios, async (s, scenario) => {
        expect(await explore(s, scenario)).toEqual([]);
      }),
      { numRuns: INTERLEAVINGS, seed },
    );
  });

  it.each(Object.entries(mutants))('a store that %s is found', async (_, mutant) => {
    const property = fc.asyncProperty(
      fc.scheduler(),
      scenarios,
      async (s, scenario) => (await explore(s, scenario, mutant)).length === 0,
    );
    const { failed } = await fc.check(property, { numRuns: INTERLEAVINGS, seed, endOnFailure: true });
    expect(failed).toBe(true);
  });
});
