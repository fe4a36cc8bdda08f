/** From this ratio of server CPU per message on, a cost counts as noticeable. */
export const NOTICEABLE = 1.2;

/** The load at which claims compare the cost of a message. */
export const SATURATED = { load: 'saturated' };

/** The metrics of how long a credential stays usable after it should have ended. */
export const afterEnd = ['accepted-after-expiry', 'accepted-after-revocation', 'accepted-after-downgrade'] as const;
