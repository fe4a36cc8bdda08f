import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'expect';
import { connectFrame, eventFrame } from '../../harness/raw-transport.ts';
import type { Presented } from '../../harness/scenario.ts';
import type { Conditions, Level } from '../audit.ts';
import type { Probe } from './probe.ts';
import { expiryOf, type Target } from './target.ts';

/** An audit that knows of a server only what comes over the network. */
export interface RemoteAudit extends Pick<Conditions, 'source' | 'destructive'> {
  readonly id: string;
  readonly level: Level;
  readonly promise: string;
  /** What it takes that the owner has not given; undefined where nothing is missing. */
  missing?(target: Target): string | undefined;
  run(probe: Probe): Promise<void>;
}

type Options = Pick<RemoteAudit, 'source' | 'destructive' | 'missing'>;

const remote = (id: string, promise: `${Level} ${string}`, options: Options, run: RemoteAudit['run']): RemoteAudit => ({
  id,
  promise,
  level: promise.split(' ', 1)[0] as Level,
  ...options,
  run,
});

function withoutCredential({ credential, hooks }: Target): string | undefined {
  if (hooks.signIn !== undefined) return undefined;
  if (credential === undefined) return 'it takes a credential: --credential-file';
  return (expiryOf(credential) ?? Infinity) <= Date.now() ? 'the credential has expired' : undefined;
}

function withoutExpiry(target: Target): string | undefined {
  const { credential = {}, patience, hooks } = target;
  const without = withoutCredential(target);
  if (without !== undefined || hooks.expire !== undefined) return without;
  const seconds = Math.round(((expiryOf(credential) ?? Infinity) - Date.now()) / 1000);
  if (seconds === Infinity) return 'the credential says nothing of its expiry';
  return seconds * 1000 > patience ? `the credential lives for ${seconds} s, longer than --wait allows` : undefined;
}

const withoutLogout = (target: Target): string | undefined =>
  withoutCredential(target) ??
  (target.logoutUrl === undefined && target.hooks.signOut === undefined ? 'it takes --logout-url' : undefined);

const withoutBan = (target: Target): string | undefined =>
  withoutCredential(target) ?? (target.hooks.ban === undefined ? 'it takes a hook that bans: --hooks' : undefined);

/** Connections that ask at once, and speak before they are told. */
const EARLY = 40;

/** How long an HTTP answer may take, in ms. */
const LONGEST_ANSWER = 5000;

/** Past an expiry by so much, in ms, nothing is a matter of clocks. */
const MARGIN = 2000;

/** Returns once the credential has expired. */
async function expire({ target }: Probe, presented: Presented): Promise<void> {
  if (target.hooks.expire !== undefined) return target.hooks.expire(presented);
  await delay(expiryOf(presented)! + MARGIN - Date.now());
}

/** Ends the sign-in of a credential. */
async function signOut({ target }: Probe, presented: Presented): Promise<void> {
  if (target.hooks.signOut !== undefined) return target.hooks.signOut(presented);
  const { auth = {}, extraHeaders } = presented;
  const bearer = typeof auth['token'] === 'string' ? { authorization: `Bearer ${auth['token']}` } : {};
  const headers = { 'content-type': 'application/json', ...bearer, ...extraHeaders };
  const response = await fetch(target.logoutUrl!, {
    method: 'POST',
    headers,
    body: JSON.stringify(auth),
    // A redirect would take the credential along.
    redirect: 'manual',
    signal: AbortSignal.timeout(LONGEST_ANSWER),
  });
  expect(response.status).toBeLessThan(400);
}

/** Whoever held a connection and a credential before `end` has neither after. */
async function endsBoth(probe: Probe, end: (presented: Presented) => Promise<void>): Promise<void> {
  const presented = await probe.credential();
  const { transport, admitted } = await probe.connect(presented);
  expect(admitted).toBe(true);
  expect(await probe.act(transport)).toBe('handled');
  await end(presented);
  expect(await probe.act(transport)).not.toBe('handled');
  const again = await probe.connect(presented);
  expect(again.admitted && (await probe.act(again.transport))).not.toBe('handled');
}

export const remoteAudits: readonly RemoteAudit[] = [
  remote('no-credential', 'MUST refuse CONNECT without a credential', { source: 'ASVS 7.2.1' }, async (probe) => {
    expect((await probe.connect()).admitted).toBe(false);
  }),
  remote(
    'preauth-inbound',
    'MUST handle no event before it has admitted its sender',
    { source: 'ASVS 8.3.1, 15.4.2' },
    async (probe) => {
      const forged = await probe.forged();
      for (const presented of [{}, { auth: { token: 'a.b.c' } }, ...(forged ? [forged] : [])]) {
        // Who says that it is connected before it has decided has bound its handlers by then; many at once make it late.
        const opened = await Promise.all(Array.from({ length: EARLY }, () => probe.open(presented)));
        const reactions = await Promise.all(
          opened.map(async (transport) =>
            transport && (await probe.join(transport, presented)) ? probe.act(transport) : 'refused',
          ),
        );
        expect(reactions.filter((reaction) => reaction === 'handled')).toHaveLength(0);
      }
    },
  ),
  remote(
    'credential-type-fuzz',
    'MUST refuse a credential of any wrong type, and live on',
    { source: 'ASVS 16.5.4' },
    async (probe) => {
      for (const token of [null, 0, true, [], {}, '', 'Bearer', 'a.b.c', ['a.b.c'], 'x'.repeat(20_000)]) {
        expect((await probe.connect({ auth: { token } })).admitted).toBe(false);
      }
      expect(await probe.lives()).toBe(true);
    },
  ),
  remote('root-parking', 'MUST keep `/` closed to whom it does not know', { source: 'ASVS 15.2.2' }, async (probe) => {
    expect((await probe.connect({}, { namespace: '/' })).admitted).toBe(false);
  }),
  remote('namespace-matrix', 'MUST open no namespace that is not its own', { source: 'ASVS 8.2.1' }, async (probe) => {
    const { admitted } = await probe.connect(await probe.credential(), { namespace: '/nobody-thought-of' });
    expect(admitted).toBe(false);
  }),
  remote(
    'origin-reject',
    'MUST refuse a foreign origin, whatever credential comes with it',
    { source: 'ASVS 4.4.2, RFC 6455 10.2', missing: withoutCredential },
    async (probe) => {
      const headers = { origin: 'https://evil.example' };
      const admitted = await probe.connect(await probe.credential(), { headers }).then(
        (connected) => connected.admitted,
        () => false,
      );
      expect(admitted).toBe(false);
    },
  ),
  remote('legacy-protocol', 'MUST refuse the protocol of Engine.IO 3', {}, async (probe) => {
    const response = await fetch(`${probe.target.url}/socket.io/?EIO=3&transport=polling`, {
      redirect: 'manual',
      signal: AbortSignal.timeout(LONGEST_ANSWER),
    });
    expect(response.ok).toBe(false);
  }),
  remote(
    'admits',
    'MUST admit who has a valid credential, and answer',
    { missing: withoutCredential },
    async (probe) => {
      const { transport, admitted } = await probe.connect(await probe.credential());
      expect(admitted).toBe(true);
      expect(await probe.act(transport)).toBe('handled');
    },
  ),
  remote(
    'expiry-inbound',
    'MUST refuse the messages of an open connection whose credential has expired',
    { source: 'ASVS 7.3.2', missing: withoutExpiry },
    (probe) => endsBoth(probe, (presented) => expire(probe, presented)),
  ),
  remote(
    'logout-this',
    'MUST end the connections of a sign-in that is signed out',
    { source: 'ASVS 7.4.1', missing: withoutLogout },
    (probe) => endsBoth(probe, (presented) => signOut(probe, presented)),
  ),
  remote('ban', 'MUST end the connections of a banned user', { source: 'ASVS 7.4.2', missing: withoutBan }, (probe) =>
    endsBoth(probe, (presented) => probe.target.hooks.ban!(presented)),
  ),
  remote(
    'connect-bruteforce',
    'MUST close a transport that tries CONNECT again and again',
    { source: 'ASVS 6.3.1', destructive: true },
    async (probe) => {
      const transport = await probe.open();
      const guess = (index: number) => connectFrame(probe.target.namespace, { token: `guess-${index}` });
      transport?.send(...Array.from({ length: 200 }, (_, index) => guess(index)));
      expect(transport === undefined || (await transport.closes())).toBe(true);
    },
  ),
  remote(
    'frame-size',
    'MUST close a transport whose message is too large, and live on',
    { source: 'RFC 6455 10.4', destructive: true },
    async (probe) => {
      const { namespace, event } = probe.target;
      const { transport } = await probe.connect(await probe.credential());
      transport?.send(eventFrame(namespace, event, 'x'.repeat(1_100_000)));
      expect(transport === undefined || (await transport.closes())).toBe(true);
      expect(await probe.lives()).toBe(true);
    },
  ),
  remote(
    'auth-hook-throw-remote',
    'MUST live on when it turns away whom the application does not let in',
    {
      source: 'ASVS 16.5.3',
      destructive: true,
      missing: ({ unwelcome, hooks }) =>
        (unwelcome ?? hooks.signInUnwelcome) === undefined ? 'it takes --unwelcome-credential-file' : undefined,
    },
    async (probe) => {
      await probe.connect(await probe.unwelcome()).catch(() => undefined);
      await delay(500);
      expect(await probe.lives()).toBe(true);
    },
  ),
];
