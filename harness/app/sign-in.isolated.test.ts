import { setTimeout as delay } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { addUser } from './app.ts';
import { clientHalfOf } from './client-half.ts';
import { startEntry } from './entry.ts';
import { signInAll } from './sign-in.ts';

const spec = { kind: 'strategy', id: 'connection-lease', variant: 'hardened' } as const;

it('signs in more users than the kit lets wait at a time, each with a client of its own', async () => {
  const server = await startEntry(spec);
  try {
    const users = await Promise.all(
      Array.from({ length: 60 }, (_, index) => addUser(server.directory, `user-${index}`)),
    );
    const check = server.directory.verifyPassword.bind(server.directory);
    vi.spyOn(server.directory, 'verifyPassword').mockImplementation(async (...credentials) => {
      await delay(5);
      return check(...credentials);
    });
    const { createClient } = await clientHalfOf(spec);
    const clients = await signInAll(users, () => createClient({ url: server.url }));
    expect(new Set(clients).size).toBe(60);
    for (const { expiresAt } of clients) expect(expiresAt).toBeGreaterThan(Date.now());
  } finally {
    await server.close();
  }
});
