import type { Scenario } from '../../harness/app/scenario.ts';
import type { AppOptions } from '../../harness/app/app.ts';
import type { Strategy, Variant, VariantName } from '../../strategies/strategy.ts';
import type { Probe } from '../remote/probe.ts';
import type { Target } from '../remote/target.ts';

/** What an audit checks inside this process: a strategy in one variant, on as many fresh servers as it takes. */
export interface Subject {
  readonly strategy: Strategy;
  readonly variant: VariantName;
  start(options?: AppOptions): Promise<Scenario>;
}

export type Level = 'MUST' | 'SHOULD' | 'MAY';

/** What a variant's manifest says that decides whether a promise applies to it. */
export type Manifest = Pick<Variant, 'supports'> & Pick<Strategy, 'httpEndpoints'>;

/** Returns why a promise does not apply to a variant; undefined if it applies. */
export type NotFor = (manifest: Manifest) => string | undefined;

/** How a promise is checked against a server of which only the network is known. */
export interface RemoteCheck {
  /** Returns what the check needs and the owner has not given; undefined if nothing is missing. */
  missing?(target: Target): string | undefined;
  /** The check can end the process of a server that breaks the promise: it runs after all others. */
  readonly fatal?: true;
  /** @throws an expectation that fails, which is a finding; any other error means that no answer could be had */
  run(probe: Probe): Promise<void>;
}

interface Checks {
  /** The standard that asks for the promise, and where. */
  readonly source?: string;
  /** The check can end or load a process. */
  readonly destructive?: true;
  readonly notFor?: NotFor;
  /** @throws an expectation that fails, which is a finding; any other error means that no answer could be had */
  inside(subject: Subject): Promise<void>;
  /** Absent: the promise cannot be checked over the network alone. */
  readonly remote?: RemoteCheck;
}

/** One promise, and how it is checked. The one entry serves servers in this process and, where it can, remote ones. */
export interface Audit extends Checks {
  /** Never changes and never gets another meaning: deviations and reports name it. */
  readonly id: string;
  readonly level: Level;
  /** A sentence that begins with its level. */
  readonly promise: string;
}

/** An audit that can also be run against a remote server. */
export type RemoteAudit = Audit & { readonly remote: RemoteCheck };

/** The topics, in the order in which reports show them. */
export const topics = [
  'Handshake',
  'Token validation',
  'Expiry',
  'Refresh',
  'Revocation',
  'Authorization',
  'Session',
  'Sign-in and sign-out',
  'Transport and load',
  'Privacy',
] as const;
export type Topic = (typeof topics)[number];

/** What a file of `audits/catalogue/` exports by default. */
export interface TopicFile {
  readonly topic: Topic;
  readonly audits: readonly Audit[];
}

export const audit = (id: string, promise: `${Level} ${string}`, checks: Checks): Audit => ({
  id,
  level: promise.split(' ', 1)[0] as Level,
  promise,
  ...checks,
});

/** Several files may have the same topic: their audits follow each other in the order of the files' names. */
export const topic = (name: Topic, audits: readonly Audit[]): TopicFile => ({ topic: name, audits });

export const withoutRefreshTokens: NotFor = ({ httpEndpoints }) =>
  httpEndpoints.includes('refresh') ? undefined : 'there are no refresh tokens';

/** For promises that a check reads or forges the inside of a JWT for. */
export const withoutJwt: NotFor = ({ supports }) => {
  if (supports.token === 'jwt') return undefined;
  return supports.token === 'none' ? 'there are no tokens' : 'the token is no JWT: it has no claims and no signature';
};

export const withoutRefreshJwt: NotFor = (manifest) => withoutRefreshTokens(manifest) ?? withoutJwt(manifest);

export const withoutTokens: NotFor = ({ supports }) => (supports.cookie ? 'there are no tokens' : undefined);

export const withoutCookies: NotFor = ({ supports }) => (supports.cookie ? undefined : 'the credential is no cookie');

export const withoutRenewalInBand: NotFor = ({ supports }) =>
  supports.renewal === 'in-band' ? undefined : 'nothing is renewed on a connection';

export const withoutIssuedCredential: NotFor = ({ supports }) =>
  supports.issuesCredential ? undefined : 'nothing is issued on connect';

/** Returns why the promise does not apply to this variant; undefined if it applies. */
export function notApplicable({ notFor }: Audit, strategy: Strategy, variant: VariantName): string | undefined {
  return notFor?.({ supports: strategy.variants[variant].supports, httpEndpoints: strategy.httpEndpoints });
}
