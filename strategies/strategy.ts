/**
 * The contract between a strategy (how a connection proves itself) and the gateways (what the application does). Of
 * strategies/, gateways import this file and what every strategy shares with them: the files directly in shared/ and in
 * shared/contract/, and the stores that they take by default. They know no strategy.
 */
import type { DynamicModule } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExternalSession } from './shared/contract/external-session.ts';
import type { TokenExtractor } from './shared/access-tokens/extract-token.ts';
import type { TokenVerifier } from './shared/access-tokens/verifier.ts';
import type { UserDirectory } from './shared/accounts/directory.ts';
import type { Clock } from './shared/clock.ts';
import type { Handshake } from './shared/contract/handshake.ts';
import type { Lifetimes } from './shared/lifetimes.ts';
import type { RefusalCode } from './shared/refusals.ts';
import type { Principal, Revocation } from './shared/revocation.ts';
import type { Report } from './shared/contract/security-event.ts';
import type { SignInLimits } from './shared/contract/sign-in-limits.ts';
import type { Stores } from './shared/stores/stores.ts';
import type { CreateClient, IssuedCredential } from './shared/strategy-client.ts';
import type { KeyRing } from './shared/tokens/key-ring.ts';

// The types that the contract is made of, and the one table of refusals, in whose codes both sides speak.
export type { ExternalSession } from './shared/contract/external-session.ts';
export type { TokenExtractor } from './shared/access-tokens/extract-token.ts';
export type { TokenVerifier } from './shared/access-tokens/verifier.ts';
export type { UserDirectory } from './shared/accounts/directory.ts';
export type { Clock } from './shared/clock.ts';
export type { Handshake } from './shared/contract/handshake.ts';
export type { Lifetimes } from './shared/lifetimes.ts';
export { endsConnection, noticeOf, type RefusalCode, type RefusalNotice, refusals } from './shared/refusals.ts';
export type { Principal, Revocation } from './shared/revocation.ts';
export type { Report, SecurityEvent } from './shared/contract/security-event.ts';
export type { SignInLimits } from './shared/contract/sign-in-limits.ts';
export type { Stores } from './shared/stores/stores.ts';
export type { Revocations } from './shared/stores/revocations.ts';
export type { ClientOptions, CreateClient, IssuedCredential, StrategyClient } from './shared/strategy-client.ts';
export type { KeyRing } from './shared/tokens/key-ring.ts';

export interface Admitted<State = unknown> {
  readonly admitted: true;
  readonly principal: Principal;
  /** When the gateways end the connection, in ms since the epoch; absent: never. */
  readonly cutAt?: number;
  /** When the gateways ask the client to renew, in ms since the epoch; absent: never. */
  readonly promptAt?: number;
  readonly issued?: IssuedCredential;
  /** The authenticator's own memory of this connection; the gateways only carry it. */
  readonly state?: State;
}

export interface Refused {
  readonly admitted: false;
  readonly code: RefusalCode;
  /** The handshake carries no credential at all. A credential that is invalid is something else. */
  readonly nothingPresented?: true;
}

export type AuthDecision<State = unknown> = Admitted<State> | Refused;

export const refused = (code: RefusalCode): Refused => ({ admitted: false, code });

/** The refusal of a handshake without any credential. */
export const nothingPresented: Refused = { admitted: false, code: 'unauthenticated', nothingPresented: true };

/** An accepted CONNECT, as an authenticator sees it. */
export interface AuthConnection<State = unknown> {
  readonly admitted: Admitted<State>;
}

/**
 * Decides, and never touches a socket. A throw counts as a refusal (`unavailable`).
 * The injection token has the interface's name.
 */
export interface Authenticator<State = unknown> {
  /** The credential comes with the request that opened the transport, such as a cookie. `auth` cannot carry one. */
  readonly credentialInRequest?: true;
  /**
   * May this handshake be admitted? Asked once per CONNECT, before it is accepted. Answer `nothingPresented` only if there is no
   * credential, so that whoever presents an invalid one is refused.
   */
  authenticate(handshake: Handshake): AuthDecision<State> | Promise<AuthDecision<State>>;
  /**
   * May a message on this connection proceed? Answer `connection.admitted` where nothing has changed. A decision with
   * other roles ends the connection: what the old ones opened cannot be told.
   */
  authorize(connection: AuthConnection<State>): AuthDecision<State> | Promise<AuthDecision<State>>;
  /** Exchanges `credential` (unchecked) on a live connection for a new decision of the same subject. */
  renew?(connection: AuthConnection<State>, credential: unknown): Promise<AuthDecision<State>>;
  /** Asked once `cutAt` has come, before the cut; a decision whose `cutAt` lies ahead keeps the connection. */
  reconsider?(connection: AuthConnection<State>): Promise<AuthDecision<State>>;
  /** Calls `listener` whenever credentials are revoked; returns a function that stops it. */
  onRevoked?(listener: (revocation: Revocation) => void): () => void;
  /** Runs on the HTTP request of every transport, before CONNECT. */
  upgradeMiddleware?(request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void): void;
}

export const Authenticator = Symbol('Authenticator');

export const variantNames = ['as-published', 'hardened'] as const;
/** `as-published` is the article's credential policy, nothing added; `hardened` closes what can be closed. */
export type VariantName = (typeof variantNames)[number];

/** The application's options, as a strategy gets them. */
export interface StrategyOptions {
  readonly variant: VariantName;
  /** Signs tokens or cookies: at least 32 bytes. There is no default; it is asked for only where something is signed. */
  readonly secret?: string | undefined;
  /** Signs and verifies tokens in the secret's place: ES256, or keys that rotate. */
  readonly keys?: KeyRing;
  /** Asked for only where passwords are checked, or sessions kept. */
  readonly directory?: UserDirectory;
  /** Verifies the access tokens of another issuer, in the place of our own. */
  readonly accessTokens?: TokenVerifier;
  /** Finds the access token in a handshake. */
  readonly extractToken: TokenExtractor;
  /** Loads the application's own sessions, in the place of our own. */
  readonly session?: ExternalSession;
  readonly clock: Clock;
  readonly lifetimes: Lifetimes;
  readonly stores: Stores;
  /** Takes what a security log keeps. */
  readonly report: Report;
  /** Limits of failed sign-ins. */
  readonly limits: SignInLimits;
  /** The client's address, by which failed sign-ins are counted. */
  readonly addressOf: (request: IncomingMessage) => string;
  /** How many sign-ins of one user there may be on all nodes together; absent: any number. A newer one ends the oldest. */
  readonly maxSessionsPerUser?: number;
  /** Exact origins whose pages may use the cookie endpoints, besides the request's own host. */
  readonly origins?: readonly string[];
}

/** For injection into what a strategy's module provides: `StrategyOptions`. */
export const STRATEGY_OPTIONS = Symbol('StrategyOptions');

/** The HTTP endpoints of a strategy. */
export interface HttpEndpoints {
  /** Under which path they answer, such as `auth`. */
  readonly path: string;
  /** Put on each of their controllers, such as an application's own `@Public()`. */
  readonly decorators: readonly ClassDecorator[];
}

/** The parameters of a strategy's module. */
export interface StrategyWiring {
  /** Exports `STRATEGY_OPTIONS`: the strategy's module imports it. */
  readonly options: DynamicModule;
  /** Its HTTP endpoints; `false`: it has none. */
  readonly http: HttpEndpoints | false;
}

/** Which questions make sense for a variant. What it supports but does not keep is a deviation. */
export interface Supports {
  /** It asks for a credential at all. */
  readonly credential: boolean;
  /** Browsers send its credential by themselves, whoever asked them to: it is a cookie. */
  readonly cookie: boolean;
  /** How a client gets a fresh credential without a person: on the connection, over HTTP, or by activity. */
  readonly renewal: 'in-band' | 'http' | 'activity' | 'none';
  /** It hands a credential to the client on connect, to be acknowledged. */
  readonly issuesCredential: boolean;
  /** What its credential is: a signed JWT, a value that says nothing by itself (such as a session id), or none. */
  readonly token: 'jwt' | 'opaque' | 'none';
}

export interface Variant {
  readonly summary: string;
  /** The duty of client code to stay connected as its credentials end: one short sentence, without a full stop. */
  readonly clientDoes: string;
  readonly supports: Supports;
  /** The library, if any, that it verifies a token with on each message: what one verification takes predicts its cost. */
  readonly verifiesEachMessageWith?: string;
  /** The variant that costs the same, where measuring both would tell nothing; absent: it is measured. */
  readonly costsAs?: VariantName;
  /** Between which parts of a lifetime ahead of its end clients are asked to renew; absent: at its end. */
  readonly renewsAhead?: readonly [from: number, to: number];
  /** Promise id -> why this variant does not keep it. Run as an expected failure. */
  readonly deviations: Readonly<Record<string, string>>;
}

/** An HTTP endpoint, for those who drive them by name; PROTOCOL.md says what each takes. */
export type HttpEndpoint = 'login' | 'refresh';

export interface Strategy {
  /** Folder name and row label. */
  readonly id: string;
  /** `baseline` is what all others are measured against; a `template` stands in no table. */
  readonly role: 'strategy' | 'baseline' | 'template';
  readonly title: string;
  readonly summary: string;
  readonly variants: Readonly<Record<VariantName, Variant>>;
  readonly httpEndpoints: readonly HttpEndpoint[];
  /** The credential of the application's own that it takes, by the name of the option. */
  readonly takes?: 'accessTokens' | 'session';
  /** A Nest module that exports `Authenticator` and brings the HTTP half. */
  module(wiring: StrategyWiring): DynamicModule;
  /** The client half, loaded when asked for. */
  client(): Promise<{ createClient: CreateClient }>;
}

export const defineStrategy = (strategy: Strategy): Strategy => strategy;
