import type { UserDirectory, User } from './directory.ts';
import { AuthError } from './errors.ts';
import type { RefusalCode } from './refusals.ts';

/** Something that a security log keeps (ASVS 16.3): who, what and why, without any credential. */
export interface SecurityEvent {
  readonly event: 'sign-in' | 'sign-out' | 'reuse' | 'upgrade' | 'connect' | 'message' | 'renewal' | 'cut';
  /** ms since the epoch */
  readonly at: number;
  /** Why it was refused or ended; absent where it went through. */
  readonly code?: RefusalCode;
  /** Absent where nobody is known: what was typed for a name may be a password. */
  readonly subject?: string;
  readonly namespace?: string;
  /** The network address of the connection. */
  readonly address?: string;
}

/** Takes one event; it must not throw, and is not waited for. */
export type Report = (event: SecurityEvent) => void;

/** Who signs in with this password; either way it is reported. @throws AuthError `unauthenticated` or `banned` */
export async function userBy(
  { username, password }: { readonly username: string; readonly password: string },
  { directory, report }: { readonly directory: UserDirectory; readonly report: Report },
  at: number,
): Promise<User> {
  const user = await directory.verifyPassword(username, password);
  const code = user === undefined ? 'unauthenticated' : user.banned ? 'banned' : undefined;
  report({ event: 'sign-in', at, ...(user && { subject: user.subject }), ...(code && { code }) });
  if (user === undefined || code !== undefined) throw new AuthError(code ?? 'unauthenticated');
  return user;
}
