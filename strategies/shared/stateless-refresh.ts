const STATELESS = 'A refresh token is good until it expires: nothing remembers that it was used';

/** What no strategy keeps whose refresh tokens carry no state, as published. */
export const statelessRefresh = {
  'refresh-single-use': STATELESS,
  'reuse-revokes-family': STATELESS,
  'reuse-kills-live-sockets': STATELESS,
  'grace-predecessor-only': STATELESS,
  'refresh-race': STATELESS,
} as const;
