/** How an application's own access tokens are found and verified: for the options of `WsAuthModule`. */
export { bearer, type BearerOptions } from './bearer.ts';
export { firstOf, fromAuth, fromCookie, fromHeader, fromQuery, type TokenExtractor } from './extract-token.ts';
export { introspection, type Introspected, type IntrospectionOptions } from './introspection.ts';
export { oidc, type OidcOptions } from './oidc.ts';
export type { HolderOptions, TokenHolder, TokenVerifier, VerifiedToken } from './verifier.ts';
