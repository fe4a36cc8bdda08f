/**
 * The audit of a server as tests of its own test file: with Vitest, Jest, or whatever else has an `it` that takes a name and
 * a function.
 */
import { auditServer } from './remote/audit.ts';
import { withHooks } from './remote/description/hooks.ts';
import { secretsOf } from './remote/description/known.ts';
import { credentialIn, defined, type Get, ownedServer, type OwnedServer } from './remote/description/owner.ts';
import type { Presented } from './remote/description/credential.ts';
import { checkedDescription, readDescription } from './remote/description/read.ts';
import type { Description, DescriptionInput } from './remote/description/schema.ts';
import { type Hooks, TargetError } from './remote/target.ts';
import { type FindingId, pageOf, probeFindings, textOf } from './remote/verdict/findings.ts';
import type { ServerFinding, ServerReport } from './remote/verdict/report.ts';

export { type Hooks, TargetError } from './remote/target.ts';
export type { Description, DescriptionInput } from './remote/description/schema.ts';
export type { FindingId } from './remote/verdict/findings.ts';
export type { ServerFinding, ServerReport } from './remote/verdict/report.ts';

/** The server to audit: the fields of `ws-audit.json`, and what only a test can give. */
export interface Audited extends Omit<DescriptionInput, 'credential'> {
  /** The path of a `ws-audit.json`. The fields that are given here replace those of the file. */
  readonly config?: string;
  /** A valid credential: a token, options of `io(url, ...)`, or the field `credential` of `ws-audit.json`. */
  readonly credential?: string | Presented | DescriptionInput['credential'];
  /** Functions that sign in, sign out and ban. */
  readonly hooks?: Hooks;
  /** Also send malformed frames and data, which may end the process. Default: `false`. */
  readonly destructive?: boolean;
  /** How long to wait for a credential to expire, in ms. Default: 10,000. */
  readonly patience?: number;
}

/** `it` of Vitest or Jest, as far as it is needed. Vitest hands the test a context; Jest hands it nothing. */
type Test = (name: string, run: (...context: unknown[]) => Promise<void>, timeout?: number) => unknown;

interface Context {
  skip?(note?: string): void;
}

/** The timeout of a test, in ms. The first test runs the audit, and may wait for an expiry. */
const LONGEST = 180_000;

/**
 * Registers a test for each kind of finding, and one that the valid client succeeds. The first test audits the server, once for
 * all tests. A test fails if its finding is found. If its question could not be asked, Vitest skips the test. Jest cannot skip a
 * test that runs, so it passes there. With `strict` it fails in both. No name and no message holds a part of a credential.
 *
 * @param audited called once: the server, and how to get a valid credential
 * @param except findings that are accepted, by their ids
 * @param strict a question that could not be asked fails its test
 * @throws in a test: what was found, with the frames that show it and a client that reproduces it
 * @example auditTests(it, async () => ({ url: await app.getUrl(), credential: token, event: { event: 'say' } }));
 */
export function auditTests(
  test: Test,
  audited: () => Audited | Promise<Audited>,
  { except = [], strict = false }: { readonly except?: readonly string[]; readonly strict?: boolean } = {},
): void {
  let run: Promise<ServerReport> | undefined;
  const report = (): Promise<ServerReport> => (run ??= Promise.resolve(audited()).then(auditOnce));
  // A function that names a parameter would make Jest wait for a callback.
  test('the valid client is admitted and answered', async () => void (await report()), LONGEST);
  for (const id of (Object.keys(probeFindings) as FindingId[]).filter((one) => !except.includes(one))) {
    test(
      `${id} is not found (${textOf(id).title})`,
      async (...context: unknown[]) => {
        const { findings: found, checks } = await report();
        const finding = found.find((one) => one.id === id);
        if (finding !== undefined) throw new Error(messageOf(finding));
        const untold = checks.filter((one) => one.state === 'could not tell' && shows(id, one.id));
        if (untold.length === 0) return;
        const note = [...new Set(untold.map((one) => one.note))].join('; ');
        if (strict) throw new Error(`could not tell: ${note}`);
        (context[0] as Context | undefined)?.skip?.(note);
      },
      LONGEST,
    );
  }
}

/** Audits a server once, and returns the report. @throws TargetError if the valid client does not succeed */
export async function auditOnce(audited: Audited): Promise<ServerReport> {
  const { config, credential, hooks = {}, destructive = false, patience = 10_000, ...given } = audited;
  const base: Partial<DescriptionInput> = config === undefined ? {} : readDescription(config);
  const isDirect = typeof credential === 'string' || (credential !== undefined && isPresented(credential));
  const described = isDirect || credential === undefined ? base.credential : credential;
  const description = checkedDescription({ ...base, ...given, ...(described && { credential: described }) }, false);
  const secrets = secretsOf(description);
  try {
    const learn = (secret: unknown): void => secrets.learn(secret);
    const owned = ownedServer(description, { patience, destructive, learn });
    const valid = isDirect ? directly(credential as string | Presented, description, learn) : undefined;
    const server: OwnedServer = { ...owned, ...defined({ valid }) };
    return await auditServer(withHooks(server, hooks, learn), { secrets });
  } catch (error) {
    throw new TargetError(secrets.redact((error as Error).message));
  }
}

const isPresented = (given: object): boolean => 'auth' in given || 'extraHeaders' in given;

function directly(given: string | Presented, description: Description, learn: (secret: unknown) => void): Get {
  const text = typeof given === 'string' ? given : JSON.stringify(given);
  const credential = credentialIn(text, 'credential', description, learn);
  return () => Promise.resolve(credential);
}

const messageOf = ({ id, seen, evidence, reproduce }: ServerFinding): string =>
  [seen, textOf(id).mend, pageOf(id), ...evidence, reproduce].join('\n');

/** The checks that can see a finding. */
const shown: Partial<Record<FindingId, RegExp>> = {
  'stranger-acts': /^handle\/(?:none|arbitrary)$/,
  'stranger-receives': /^receive\/(?:none|arbitrary)$/,
  'signature-not-verified': /^connect\/(?:forged|other-secret|alg-none)$/,
  'expired-accepted': /^expiry\/connect$|^connect\/expired$/,
  'forbidden-user': /\/forbidden$/,
  'outlives-expiry': /^expiry\//,
  'outlives-sign-out': /^sign-out\//,
  'outlives-ban': /^ban\//,
  'stale-roles': /^roles\//,
};

const shows = (id: FindingId, check: string): boolean => shown[id]?.test(check) ?? false;
