import { onTestFinished } from 'vitest';
import type { AppOptions, TestUser } from '../../harness/app/app.ts';
import { Scenario } from '../../harness/app/scenario.ts';
import { loadStrategy } from '../../strategies/registry.ts';
import { MemoryDirectory } from '../../strategies/shared/accounts/directory.ts';
import type { SecurityEvent } from '../../strategies/strategy.ts';

/** A directory that counts what it is asked, and answers once `answers` is open. */
class WatchedDirectory extends MemoryDirectory {
  asked = 0;
  answers = Promise.resolve();

  constructor() {
    super(async (password) => Buffer.from(password.padEnd(32).slice(0, 32)));
  }

  override async verifyPassword(username: string, password: string) {
    this.asked += 1;
    await this.answers;
    return super.verifyPassword(username, password);
  }
}

/** A server whose clients name their own address, as a proxy would, and the security log. */
export async function startSignIn(options: AppOptions = {}, id = 'access-refresh') {
  const events: SecurityEvent[] = [];
  const directory = new WatchedDirectory();
  const scenario = await Scenario.start(await loadStrategy(id), 'hardened', {
    directory,
    report: (event) => void events.push(event),
    addressOf: ({ headers }) => String(headers['x-address'] ?? '192.0.2.1'),
    ...options,
  });
  onTestFinished(() => scenario.dispose());
  const signIn = (username: string, password: string, address = '192.0.2.1', init: RequestInit = {}) =>
    fetch(`${scenario.app.url}/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-address': address },
      body: JSON.stringify({ username, password }),
      ...init,
    });
  const guess = async (username: string, address?: string) => (await signIn(username, 'wrong', address)).status;
  const enter = async ({ username, password }: TestUser, address?: string) =>
    (await signIn(username, password, address)).ok;
  return { scenario, events, directory, signIn, guess, enter };
}

export const times = <T>(count: number, run: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => run(index)));
export const numberOf = <T>(all: readonly T[], one: T): number => all.filter((each) => each === one).length;
