import { describe, expect, it, vi } from 'vitest';
import { MemoryDirectory, type PasswordHash, scryptHash, type UserChange } from './directory.ts';

const password = 'correct horse battery staple';

async function withAnn() {
  const hash = vi.fn<PasswordHash>(scryptHash);
  const directory = new MemoryDirectory(hash);
  await directory.add({ subject: 'ann', username: 'ann@example', password, roles: ['reader'] });
  hash.mockClear();
  return { directory, hash };
}

describe('passwords', () => {
  it('are derived with scrypt by default, salted for each user, and not kept', async () => {
    const salt = Buffer.alloc(16, 1);
    const hashed = await scryptHash(password, salt);
    expect(hashed).toHaveLength(32);
    expect(await scryptHash(password, salt)).toEqual(hashed);
    expect(await scryptHash(password, Buffer.alloc(16, 2))).not.toEqual(hashed);
    const salts: string[] = [];
    const directory = new MemoryDirectory((text, own) => (salts.push(own.toString('hex')), scryptHash(text, own)));
    await directory.add({ username: 'ann', password });
    await directory.add({ username: 'bob', password });
    expect(new Set(salts).size).toBe(2);
    expect(await new MemoryDirectory().verifyPassword('ann', password)).toBeUndefined();
  });

  it('let in who knows them, and no one else', async () => {
    const { directory } = await withAnn();
    expect(await directory.verifyPassword('ann@example', password)).toMatchObject({ subject: 'ann' });
    expect(await directory.verifyPassword('ann@example', `${password} `)).toBeUndefined();
    expect(await directory.verifyPassword('ann', password)).toBeUndefined();
    expect(await directory.verifyPassword('', '')).toBeUndefined();
  });

  it('of an unknown user cost the same work as a wrong one', async () => {
    const { directory, hash } = await withAnn();
    await directory.verifyPassword('ann@example', 'wrong');
    const forKnown = hash.mock.calls.map(([text, salt]) => [text, salt.length]);
    hash.mockClear();
    await directory.verifyPassword('nobody', 'wrong');
    expect(hash.mock.calls.map(([text, salt]) => [text, salt.length])).toEqual(forKnown);
  });

  it('that were changed replace the old one', async () => {
    const { directory } = await withAnn();
    await directory.setPassword('ann', 'another');
    expect(await directory.verifyPassword('ann@example', password)).toBeUndefined();
    expect(await directory.verifyPassword('ann@example', 'another')).toMatchObject({ subject: 'ann' });
  });
});

describe('users', () => {
  it('are found by subject, with what they are now', async () => {
    const { directory } = await withAnn();
    directory.setRoles('ann', ['moderator']);
    directory.setBanned('ann', true);
    expect(directory.find('ann')).toEqual({
      subject: 'ann',
      username: 'ann@example',
      roles: ['moderator'],
      banned: true,
    });
    expect(directory.find('bob')).toBeUndefined();
  });

  it('exist once', async () => {
    const { directory } = await withAnn();
    await expect(directory.add({ username: 'ann@example', password })).rejects.toThrow(TypeError);
    await expect(directory.add({ subject: 'ann', username: 'other', password })).rejects.toThrow(TypeError);
    expect(() => directory.setBanned('bob', true)).toThrow(TypeError);
  });

  it('are told of to listeners after they changed, until those stop', async () => {
    const { directory } = await withAnn();
    const heard: (UserChange & { roles: readonly string[] | undefined })[] = [];
    const stop = directory.onChange((change) => heard.push({ ...change, roles: directory.find('ann')?.roles }));
    directory.setRoles('ann', ['writer']);
    directory.setBanned('ann', true);
    await directory.setPassword('ann', 'another');
    stop();
    directory.setRoles('ann', []);
    expect(heard).toEqual([
      { subject: 'ann', kind: 'roles', roles: ['writer'] },
      { subject: 'ann', kind: 'banned', roles: ['writer'] },
      { subject: 'ann', kind: 'password', roles: ['writer'] },
    ]);
  });
});
