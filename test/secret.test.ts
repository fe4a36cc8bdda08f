import { NestFactory } from '@nestjs/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WS_AUTH_OPTIONS } from '../gateways/options/options.ts';
import { WsAuthModule } from '../gateways/ws-auth.module.ts';
import { MemoryDirectory } from '../strategies/shared/accounts/directory.ts';
import { loadStrategies } from '../strategies/registry.ts';
import { type Strategy, variantNames, type VariantName } from '../strategies/strategy.ts';

const strategies = (await loadStrategies()).filter(({ variants }) => variants.hardened.supports.credential);
const cases = strategies.flatMap((strategy) => variantNames.map((variant) => ({ strategy, variant, id: strategy.id })));

/** What stops the start of an app with this secret. */
async function start(strategy: Strategy, variant: VariantName, secret: unknown): Promise<unknown> {
  try {
    const options = { secret: secret as string, variant, directory: new MemoryDirectory() };
    const module = WsAuthModule.forRoot({ strategy, ...options });
    const app = await NestFactory.create(module, { logger: false, abortOnError: false });
    onTestFinished(() => app.close());
    await app.init();
    return undefined;
  } catch (error) {
    return error;
  }
}

it('an unknown variant stops the start, and one left undefined is the hardened one', async () => {
  const [{ strategy }] = cases as [(typeof cases)[number]];
  const directory = new MemoryDirectory();
  const secret = 'x'.repeat(32);
  const build = (variant: unknown) =>
    WsAuthModule.forRoot({ strategy, secret, directory, variant: variant as VariantName });
  expect(() => build('hardend')).toThrow('one of as-published, hardened; got "hardend"');
  const app = await NestFactory.createApplicationContext(build(undefined), { logger: false, abortOnError: false });
  onTestFinished(() => app.close());
  expect(app.get(WS_AUTH_OPTIONS, { strict: false })).toMatchObject({ variant: 'hardened' });
});

describe.each(cases)('$id, $variant', ({ strategy, variant }) => {
  it.each([undefined, null, '', 7])(
    'does not start without a secret (%j), and says how to make one',
    async (secret) => {
      expect(await start(strategy, variant, secret)).toMatchObject({
        name: 'ConfigurationError',
        code: 'ERR_SECRET_MISSING',
        message: expect.stringContaining('randomBytes(32)') as string,
      });
    },
  );

  it.each(['hunter2-canary', 'x'.repeat(31)])('does not start with a short secret, nor repeat it', async (secret) => {
    const error = await start(strategy, variant, secret);
    expect(error).toMatchObject({
      name: 'ConfigurationError',
      code: 'ERR_SECRET_TOO_SHORT',
      message: expect.stringContaining('randomBytes(32)') as string,
    });
    expect(String((error as Error).stack)).not.toContain(secret);
  });

  it('starts with one of 32 bytes', async () => {
    expect(await start(strategy, variant, 'x'.repeat(32))).toBeUndefined();
  });
});

it('is asked of every strategy that has a credential', () => {
  expect(strategies.length).toBeGreaterThanOrEqual(4);
});
