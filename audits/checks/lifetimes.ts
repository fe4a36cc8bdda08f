export const LIFETIME = 60_000;

/** Every credential ends after the same minute, so that one check fits all strategies. */
export const shortLived = {
  lifetimes: { accessToken: LIFETIME, wsToken: LIFETIME, sessionIdle: LIFETIME, absolute: 10 * LIFETIME },
};
