import type { Attempts } from './attempts.ts';
import type { RefreshFamilies } from './families.ts';
import type { Revocations } from './revocations.ts';
import type { SessionStore } from './sessions.ts';
import type { SignIns } from './sign-ins.ts';

/** What every node of an application must see alike. */
export interface Stores {
  /** Who signed out, was banned or changed: remembered, and told to every node. */
  readonly revocations: Revocations;
  readonly families: RefreshFamilies;
  readonly sessions: SessionStore;
  /** Sign-ins that failed, so that guesses are bounded on all nodes together. */
  readonly attempts: Attempts;
  /** The sign-ins of each user, in their order; asked only with `maxSessionsPerUser`. */
  readonly signIns: SignIns;
}
