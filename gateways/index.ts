/** What an application imports to have its own gateways authenticated. */
export { AuthAdapter } from './auth.adapter.ts';
export type { ConnectionCounters } from './connections/counters.ts';
export type { HttpOptions } from './options/http-options.ts';
export { defaultLimits, type Limits, noLimits } from './options/limits.ts';
export type { WsAuthOptions } from './options/ws-auth-options.ts';
export { type Guest, isGuest, principalOf, subjectRoom, User } from './principal.ts';
export { ConfigurationError } from '../strategies/shared/errors.ts';
export type { Principal, Report, SecurityEvent } from '../strategies/strategy.ts';
export { RefusalException } from './refusal.exception.ts';
export { Public } from './messages/public.ts';
export { RefusalFilter } from './messages/refusal.filter.ts';
export { Roles } from './messages/roles.guard.ts';
export { ShapePipe } from './messages/shape.pipe.ts';
export type { NamespaceOptions } from './options/namespace-options.ts';
export { WsAuthModule, type WsAuthModuleOptions } from './ws-auth.module.ts';
export { type Revoked, WsAuthService } from './ws-auth.service.ts';
export type { OnGuestSignIn } from './handshake/sign-in.gate.ts';
export { WsManager } from './ws-manager.ts';
