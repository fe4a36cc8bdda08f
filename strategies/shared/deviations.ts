/** Promises that are not kept, all for one reason. */
export const notKept = (reason: string, ...ids: readonly string[]): Record<string, string> =>
  Object.fromEntries(ids.map((id) => [id, reason]));

/** What no strategy keeps whose refresh tokens carry no state, as published. */
export const statelessRefresh = notKept(
  'A refresh token is good until it expires: nothing remembers that it was used',
  'refresh-single-use',
  'reuse-revokes-family',
  'reuse-kills-live-sockets',
  'grace-predecessor-only',
  'refresh-race',
  'refresh-reuse-reported',
  'renewal-outruns-revocation',
);

/** What no strategy keeps that asks nobody after CONNECT, and hears of no revocation. */
export const unrevoked = (reason: string): Record<string, string> =>
  notKept(
    reason,
    'logout-this',
    'logout-everywhere',
    'ban',
    'banned-at-handshake',
    'clock-step-back',
    'ban-outruns-directory',
    'credential-change',
    'stale-roles',
    'revoke-during-handshake',
    'post-revocation-execution',
    'post-revocation-delivery',
    'same-transport-reconnect',
    'expiry-signal',
    'security-log',
  );
