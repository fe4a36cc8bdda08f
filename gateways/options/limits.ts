import { defaultSignInLimits } from '../../strategies/shared/contract/sign-in-limits.ts';
import { type SignInLimits } from '../../strategies/strategy.ts';
import { requireNames } from '../../strategies/shared/option-names.ts';
import { requireLimits, withoutUndefined } from './option-values.ts';

/** Each can be switched off alone, with `false`. */
export interface Limits extends SignInLimits {
  /**
   * Events per second that one connection may send; a burst of twice as many passes. More are refused as
   * `too-many-events`. After twice the limit in refusals, the transport is closed. A tenth of the limit in refusals is
   * forgiven each second.
   */
  readonly eventsPerSecond: number | false;
  /**
   * Events per second that all connections of one address may send together; a burst of half as many passes. More are
   * refused as `too-many-events`, and count among the refusals of their connection. Default: 250, or 5 times
   * `eventsPerSecond` if that is more; `false` if that is `false`.
   */
  readonly eventsPerSecondPerAddress: number | false;
  /**
   * Packets of any kind per second that one transport may send: events, acks, CONNECTs, pings, pongs. A burst of 10
   * times as many passes. A packet counts 1, plus 1 for each full 4 KiB. Before the first namespace is joined, one
   * second's worth is the total. All transports of one address that have joined none share the same rate and a burst of 6
   * times as many; there, and as a later CONNECT, a packet counts 1, plus 1 for each full KiB. Default: 250, or 5 times
   * `eventsPerSecond` if that is more; `false` if that is `false`.
   */
  readonly packetsPerSecond: number | false;
  /** CONNECT packets that one transport may send in its life. */
  readonly connectsPerTransport: number | false;
  /**
   * The largest CONNECT, in bytes, and the largest packet of a transport that has joined no namespace. A larger one ends the
   * transport as `bad-message`. An `auth` payload that holds more than one value for each 32 bytes of the limit is refused
   * as `bad-message`: parsed, a small value takes up many times its text.
   */
  readonly connectBytes: number | false;
  /**
   * Open transports of this node, counted from the upgrade. A transport that joined no namespace, or was closed for
   * flooding or not reading, counts for 10 to 20 more seconds.
   */
  readonly transports: number | false;
  /**
   * Open transports per address, counted from the upgrade. Default: 250, or 1.25 times `connectionsPerAddress` if that is
   * more; `false` if that is `false`. The margin lets a client over that limit get a `connect_error`.
   */
  readonly transportsPerAddress: number | false;
  /** Open and pending connections per address, on this node. */
  readonly connectionsPerAddress: number | false;
  /** Open connections per user, on this node. */
  readonly connectionsPerUser: number | false;
  /** Open connections of guests on this node. Default: 5,000, or a quarter of `transports` if that is less. */
  readonly guests: number | false;
  /** How long a guest may stay without signing in, in ms. Then it is cut as `reconnect-required`. Default: 1 hour. */
  readonly guestLifetime: number | false;
  /**
   * Bytes that may wait for a client that does not read; more cuts it as `too-slow`. One larger packet may pass if nothing
   * else waits. Raise it if the application sends more at once.
   */
  readonly unsentBytes: number | false;
}

const GUESTS = 5000;

export const defaultLimits: Limits = {
  ...defaultSignInLimits,
  eventsPerSecond: 50,
  eventsPerSecondPerAddress: 250,
  packetsPerSecond: 250,
  connectsPerTransport: 20,
  connectBytes: 8 * 1024,
  transports: 20_000,
  transportsPerAddress: 250,
  connectionsPerAddress: 200,
  connectionsPerUser: 20,
  guests: GUESTS,
  guestLifetime: 60 * 60 * 1000,
  unsentBytes: 256 * 1024,
};

export const noLimits: Limits = {
  failedSignInsPerAccount: false,
  failedSignInsPerAddress: false,
  eventsPerSecond: false,
  eventsPerSecondPerAddress: false,
  packetsPerSecond: false,
  connectsPerTransport: false,
  connectBytes: false,
  transports: false,
  transportsPerAddress: false,
  connectionsPerAddress: false,
  connectionsPerUser: false,
  guests: false,
  guestLifetime: false,
  unsentBytes: false,
};

export const exceeds = (count: number, limit: number | false): boolean => limit !== false && count > limit;

/**
 * The limits of an application, with every default filled in.
 * @throws ConfigurationError `ERR_LIMITS` or `ERR_OPTIONS`
 */
export function resolveLimits(given: Partial<Limits> | false = {}): Limits {
  if (given === false) return noLimits;
  requireNames(given, Object.keys(defaultLimits), 'limits.');
  const limits = requireLimits({ ...defaultLimits, ...withoutUndefined(given) });
  return {
    ...limits,
    eventsPerSecondPerAddress:
      given.eventsPerSecondPerAddress ?? atLeast(defaultLimits.eventsPerSecondPerAddress, limits.eventsPerSecond, 5),
    // Guests alone must not take all places from users.
    guests: given.guests ?? (limits.transports === false ? GUESTS : Math.min(GUESTS, Math.ceil(limits.transports / 4))),
    packetsPerSecond: given.packetsPerSecond ?? atLeast(defaultLimits.packetsPerSecond, limits.eventsPerSecond, 5),
    transportsPerAddress:
      given.transportsPerAddress ?? atLeast(defaultLimits.transportsPerAddress, limits.connectionsPerAddress, 1.25),
  };
}

/** A limit that leaves room for another one: so many times that one, and no less than `least`. */
const atLeast = (least: number | false, other: number | false, times: number): number | false =>
  least === false || other === false ? false : Math.max(least, Math.ceil(other * times));
