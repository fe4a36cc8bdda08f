import { expect, it } from 'vitest';
import { RefusalException } from '../../gateways/refusal.exception.ts';
import { loadStrategies } from '../../strategies/registry.ts';
import { GuardTarget } from './guard-target.ts';

const strategies = (await loadStrategies()).filter(({ role }) => role === 'strategy');

it.each(strategies)('the guard of $id admits its client until that has left', async ({ id, variants }) => {
  const target = await GuardTarget.start({ kind: 'strategy', id, variant: 'hardened' });
  try {
    expect(await target.fault(variants.hardened.supports.credential)).toBeUndefined();
    expect(await target.decide()).toBe(true);
  } finally {
    await target.close();
  }
  expect(await target.admitsClient()).toBe(false);
  await expect(async () => target.decide()).rejects.toThrow(RefusalException);
});
