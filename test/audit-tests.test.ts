import { describe, expect, it, onTestFinished } from 'vitest';
import { auditTests } from '../audits/index.ts';
import { startApp } from '../harness/app/app.ts';
import { loadStrategy } from '../strategies/registry.ts';
import type { VariantName } from '../strategies/strategy.ts';

/** As a user's own test file would: an app of theirs, and a hook that signs in. */
async function audited(id: string, variant: VariantName = 'hardened') {
  const strategy = await loadStrategy(id);
  const app = await startApp(strategy, { variant });
  onTestFinished(() => app.close());
  const { createClient } = await strategy.client();
  let users = 0;
  const signIn = async () => {
    const { username, password } = await app.addUser(`user-${(users += 1)}`);
    const client = createClient({ url: app.url });
    await client.signIn(username, password);
    return client.connectOptions();
  };
  return { url: app.url, namespace: '/chat', hooks: { signIn } };
}

describe('a server that keeps its promises', () => {
  auditTests(it, () => audited('handshake-only'));
});

describe('one that does not', () => {
  type Run = (context: { skip(note?: string): void }) => Promise<void>;
  const runs = new Map<string, Run>();
  auditTests(
    (name, run) => runs.set(name.split(':', 1)[0]!, run),
    () => audited('_no-auth'),
  );

  it('fails by the promise that is broken, with the frames that show it', async () => {
    await expect(runs.get('preauth-inbound')!({ skip: () => {} })).rejects.toThrow(/43\/chat/);
  });

  it('is not asked for what it was not given, and says what it takes', async () => {
    let note: string | undefined;
    await runs.get('ban')!({ skip: (why) => void (note = why) });
    expect(note).toBe('it takes a hook that bans: --hooks');
  });
});
