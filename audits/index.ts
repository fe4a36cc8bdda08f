/**
 * The audits of a server as tests of its own test file: with `@nestjs/testing` and vitest, or whatever else has an `it`
 * that takes a name and a function.
 */
import type { Presented } from '../harness/app/scenario.ts';
import { remoteAudits } from './engine/catalogue.ts';
import { auditOne } from './engine/remote-run.ts';
import { checkUrl, type Hooks, type Target } from './remote/target.ts';

export { type Hooks, TargetError } from './remote/target.ts';

/** What of a server its own tests know. */
export interface Audited {
  /** Such as `http://127.0.0.1:3000`, on this machine. */
  readonly url: string;
  /** `/` unless told otherwise. */
  readonly namespace?: string;
  /** What it admits, as it goes into `io(url, ...)`; or a hook that signs in. */
  readonly credential?: Presented;
  /** An event that a handler acknowledges (`sendMessage`), and what goes with it. */
  readonly event?: string;
  readonly payload?: unknown;
  readonly hooks?: Hooks;
  /** Also what may end or load the process. */
  readonly destructive?: boolean;
  /** How long an expiry may be waited for, in ms (60,000). */
  readonly patience?: number;
}

/** Vitest's `it`, as far as it is needed. */
type Test = (name: string, run: (context: { skip(note?: string): void }) => Promise<void>, timeout?: number) => unknown;

/** A test may take so long, its waiting for an expiry included, in ms. */
const LONGEST = 90_000;

/**
 * A test for each promise that can be seen from outside; one whose question takes what `audited` does not give is
 * skipped, and says what it takes. `except` names promises that are not asked for, by their ids. No name of a test and no
 * message holds a part of a credential.
 * @throws in a test: what was broken, with the frames that show it
 */
export function auditTests(
  test: Test,
  audited: () => Audited | Promise<Audited>,
  { except = [] }: { readonly except?: readonly string[] } = {},
): void {
  for (const audit of remoteAudits.filter(({ id }) => !except.includes(id))) {
    test(
      `${audit.id}: ${audit.promise}`,
      async ({ skip }) => {
        const { outcome, reason = '', evidence = [] } = await auditOne(audit, targetOf(await audited()));
        if (outcome === 'unknown') return skip(reason);
        if (outcome !== 'pass') throw new Error([reason, ...evidence].join('\n'));
      },
      LONGEST,
    );
  }
}

const targetOf = ({ url, hooks = {}, ...given }: Audited): Target => ({
  url: checkUrl(url, false),
  namespace: '/',
  credential: undefined,
  unwelcome: undefined,
  event: 'sendMessage',
  payload: { text: 'audit' },
  logoutUrl: undefined,
  destructive: false,
  patience: 60_000,
  ...given,
  hooks,
});
