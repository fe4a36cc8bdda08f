/** Finds and verifies access tokens that the kit does not issue. For the options of `WsAuthModule`. */
export { bearer, type BearerOptions } from './bearer.ts';
export { fromAuth, fromCookie, fromHeader, fromQuery, type TokenExtractor } from './extract-token.ts';
export { introspection, type Introspected, type IntrospectionOptions } from './introspection.ts';
export { oidc, type OidcOptions } from './oidc.ts';
export type { HolderOptions, TokenHolder, TokenVerifier, VerifiedToken } from './verifier.ts';
