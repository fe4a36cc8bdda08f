import type { ManagerOptions, SocketOptions } from 'socket.io-client';

/** Where a credential is: what a client's `connectOptions` answers, and what of `io()` can carry one beside that. */
export type Carried = Partial<ManagerOptions & SocketOptions>;

/** The same, with every credential in it changed by `change`: the token, or the value of the cookie. */
export function withCredential<T extends Carried>(carried: T, change: (credential: string) => string): T {
  return JSON.parse(JSON.stringify(carried), (_, value: unknown) =>
    typeof value === 'string' ? value.replace(/(?<=^Bearer |^[\w.-]+=|^)[^ =]+$/, change) : value,
  ) as T;
}

/** 256 random bits in base64url. */
const OPAQUE = /^[\w-]{43,}$/;

/**
 * As it was, but for the first character of its signature: the last one may hold bits that mean nothing. An opaque token has
 * no signature: its own first character is another one.
 */
export const forge = (credential: string): string =>
  credential.replace(OPAQUE.test(credential) ? /^./ : /(?<=\.)[^.](?=[^.]*$)/, (first) => (first === 'A' ? 'B' : 'A'));
