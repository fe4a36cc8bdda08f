/**
 * The contract of stores as tests, for whoever keeps them in another database: with Vitest, Jest, node:test, or whatever
 * else has an `it` that takes a name and a function.
 */
import { attemptTests } from './attempts.ts';
import { familyTests } from './families.ts';
import { revocationTests } from './revocations.ts';
import { sessionTests } from './sessions.ts';
import { signInTests } from './sign-ins.ts';
import { sizeTests } from './size.ts';
import { type CreateStores, type StoreTest, withStores } from './subject.ts';

export { ManualClock } from './manual-clock.ts';
export type { CreateStores, TestedStores } from './subject.ts';

const all: readonly StoreTest[] = [
  ...attemptTests,
  ...familyTests,
  ...revocationTests,
  ...sessionTests,
  ...signInTests,
  ...sizeTests,
];

/** The function `it` or `test`, as far as it is needed. */
type Test = (name: string, run: () => Promise<void>) => unknown;

/**
 * A test for each promise of the contract. Each opens stores of its own with `create`, and closes them. `except` names
 * promises that are not tested, by their ids.
 * @throws Error if `except` names a promise that does not exist
 * @throws AssertionError in a test: what the stores did instead
 * @example storeTests(it, async (clock) => sqlStores(await newDatabase(), clock))
 */
export function storeTests(
  test: Test,
  create: CreateStores,
  { except = [] }: { readonly except?: readonly string[] } = {},
): void {
  const unknown = except.find((id) => !all.some((one) => one.id === id));
  if (unknown !== undefined) {
    throw new Error(`There is no test ${unknown}. All of them: ${all.map(({ id }) => id).join(', ')}`);
  }
  for (const { id, promise, run } of all) {
    if (!except.includes(id)) test(`${id}: ${promise}`, () => withStores(create, run));
  }
}
