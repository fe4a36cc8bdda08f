import { Readable } from 'node:stream';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { describe, expect, it, onTestFinished } from 'vitest';
import { refusalOf, Scenario } from '../../../harness/app/scenario.ts';
import { createCookieClient } from '../../../strategies/connection-lease/client.ts';
import { loadStrategies, loadStrategy } from '../../../strategies/registry.ts';
import { defaultLifetimes } from '../../../strategies/shared/lifetimes.ts';
import type { Strategy } from '../../../strategies/strategy.ts';

const strategies = (await loadStrategies()).filter(({ role }) => role === 'strategy');

async function start(strategy: Strategy) {
  const scenario = await Scenario.start(strategy, 'hardened', { platform: () => new FastifyAdapter() });
  onTestFinished(() => scenario.dispose());
  return { scenario, user: await scenario.user() };
}

describe.each(strategies)('the endpoints of the kit on Fastify, by $id', (strategy) => {
  it('sign in, renew, and sign out', async () => {
    const { scenario, user } = await start(strategy);
    const client = await scenario.signedIn(user);
    const socket = await scenario.connectWith(client.connectOptions());
    expect(await client.renew()).toBe(strategy.httpEndpoints.includes('refresh'));
    const renewed = await scenario.connectWith(client.connectOptions());
    const presented = client.connectOptions();
    await client.signOut();
    expect([await socket.ended, await renewed.ended]).toEqual(['revoked', 'revoked']);
    expect(['revoked', 'unauthenticated']).toContain(await refusalOf(scenario.connectWith(presented)));
  });

  it('limit guesses by the address, and say when to come back', async () => {
    const { scenario, user } = await start(strategy);
    const signIn = () =>
      fetch(`${scenario.app.url}/auth/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ username: user.username, password: 'wrong' }),
      });
    let answer = await signIn();
    expect(answer.status).toBe(401);
    for (let guesses = 1; answer.status === 401 && guesses < 50; guesses++) answer = await signIn();
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

it('a page renews its lease by a cookie on Fastify', async () => {
  const { scenario, user } = await start(await loadStrategy('connection-lease'));
  const client = createCookieClient({ url: scenario.app.url });
  await client.signIn(user.username, user.password);
  const first = client.connectOptions();
  scenario.clock.advance(defaultLifetimes.accessToken);
  expect(await refusalOf(scenario.connectWith(first))).toBe('expired');
  expect(await client.renew()).toBe(true);
  const socket = await scenario.connectWith(client.connectOptions());
  await client.signOut();
  expect(await socket.ended).toBe('revoked');
});

it('the body of a sign-in reaches Fastify as bytes, because Fastify 4 takes nothing else', async () => {
  const adapter = new FastifyAdapter();
  const chunks: unknown[] = [];
  const scenario = await Scenario.start(await loadStrategy('connection-lease'), 'hardened', {
    platform: () => adapter,
    // The hooks of the kit are there already.
    onServer: () =>
      adapter.getInstance().addHook('preParsing', async (_request, _reply, payload) => {
        const body: Buffer[] = [];
        for await (const chunk of payload) body.push((chunks.push(chunk), Buffer.from(chunk as Buffer)));
        return Readable.from([Buffer.concat(body)]);
      }),
  });
  onTestFinished(() => scenario.dispose());
  await scenario.signedIn(await scenario.user());
  expect(chunks).toEqual([expect.any(Buffer)]);
});
