import { describe, expect, it, onTestFinished } from 'vitest';
import { auditTests } from '../audits/index.ts';
import { startApp } from '../harness/app/app.ts';
import { loadStrategy } from '../strategies/registry.ts';
import type { VariantName } from '../strategies/strategy.ts';

/** As a user's own test file would: an app of theirs, and a hook that signs in. */
async function audited(id: string, close: (end: () => Promise<void>) => void, variant: VariantName = 'hardened') {
  const strategy = await loadStrategy(id);
  const app = await startApp(strategy, { variant });
  close(() => app.close());
  const { createClient } = await strategy.client();
  let users = 0;
  const signIn = async () => {
    const { username, password } = await app.addUser(`user-${(users += 1)}`);
    const client = createClient({ url: app.url });
    await client.signIn(username, password);
    return client.connectOptions();
  };
  const event = { event: 'sendMessage', arguments: [{ text: 'audit' }] };
  return { url: app.url, namespace: '/chat', event, hooks: { signIn }, patience: 0 };
}

type Run = (...context: unknown[]) => Promise<void>;

/** The tests that are registered for a server, by the first word of their names. */
function registered(id: string, options = {}): Map<string, Run> {
  const runs = new Map<string, Run>();
  auditTests(
    (name, run) => runs.set(name.split(/[ :]/, 1)[0]!, run),
    () => audited(id, (end) => onTestFinished(end)),
    options,
  );
  return runs;
}

describe('a server that keeps its promises', () => {
  // The app outlives the first of the tests, which runs the audit.
  const ends: (() => Promise<void>)[] = [];
  auditTests(it, () => audited('handshake-only', (end) => ends.push(end)));
  it('is closed at the end', async () => {
    await Promise.all(ends.map((end) => end()));
    expect(ends).toHaveLength(1);
  });
});

describe('one that does not', { timeout: 60_000 }, () => {
  it('fails by the finding, with the frames that show it, and passes by the others', async () => {
    const runs = registered('_no-auth');
    await expect(runs.get('stranger-acts')!()).rejects.toThrow(/< 43\/chat,1\[/);
    await expect(runs.get('signature-not-verified')!()).resolves.toBeUndefined();
  });

  it('is skipped in Vitest for what it was not asked, and says what it takes', async () => {
    const notes: (string | undefined)[] = [];
    await registered('_no-auth').get('outlives-ban')!({ skip: (note?: string) => notes.push(note) });
    expect(notes).toEqual(['describe "actions.ban"']);
  });

  it('fails for what it was not asked, if it is strict', async () => {
    const run = registered('_no-auth', { strict: true }).get('outlives-ban')!;
    await expect(run()).rejects.toThrow('could not tell: describe "actions.ban"');
  });

  it('registers no test for a finding that is accepted', () => {
    expect([...registered('_no-auth', { except: ['stranger-acts'] }).keys()]).not.toContain('stranger-acts');
  });
});

it('a test takes no parameter, since Jest would wait for a callback', () => {
  for (const run of registered('_no-auth').values()) expect(run).toHaveLength(0);
});
