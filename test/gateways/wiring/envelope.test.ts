import { type CallHandler, Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { map } from 'rxjs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Scenario } from '../../../harness/app/scenario.ts';
import { createCookieClient } from '../../../strategies/connection-lease/client.ts';
import { loadStrategies, loadStrategy } from '../../../strategies/registry.ts';
import type { Strategy, StrategyClient } from '../../../strategies/strategy.ts';

const strategies = (await loadStrategies()).filter(({ role }) => role === 'strategy');
const platforms = { Express: () => new ExpressAdapter(), Fastify: () => new FastifyAdapter() };

@Module({})
class EnvelopeModule {}

/** An application whose interceptor puts each answer into `{ data }`, as many have one. */
async function start(strategy: Strategy, platform: keyof typeof platforms) {
  const seen: unknown[] = [];
  const useValue = {
    intercept: (_: unknown, next: CallHandler) => next.handle().pipe(map((data) => (seen.push(data), { data }))),
  };
  const scenario = await Scenario.start(strategy, 'hardened', {
    platform: platforms[platform],
    imports: [{ module: EnvelopeModule, providers: [{ provide: APP_INTERCEPTOR, useValue }] }],
  });
  onTestFinished(() => scenario.dispose());
  return { scenario, seen };
}

/** Signs in, renews and signs out. */
async function used(scenario: Scenario, client: StrategyClient, renews: boolean): Promise<void> {
  const user = await scenario.user();
  await client.signIn(user.username, user.password);
  expect(await client.renew()).toBe(renews);
  const socket = await scenario.connectWith(client.connectOptions());
  await client.signOut();
  expect(await socket.ended).toBe('revoked');
}

describe.each(Object.keys(platforms) as (keyof typeof platforms)[])(
  'an interceptor that wraps answers, on %s',
  (platform) => {
    it.each(strategies)('neither changes the endpoints of $id nor sees a token', async (strategy) => {
      const { scenario, seen } = await start(strategy, platform);
      const { createClient } = await strategy.client();
      await used(scenario, createClient({ url: scenario.app.url }), strategy.httpEndpoints.includes('refresh'));
      expect(new Set(seen)).toEqual(new Set([undefined]));
    });

    it('neither changes the endpoints of a page that keeps its refresh token in a cookie', async () => {
      const { scenario, seen } = await start(await loadStrategy('connection-lease'), platform);
      await used(scenario, createCookieClient({ url: scenario.app.url }), true);
      expect(new Set(seen)).toEqual(new Set([undefined]));
    });
  },
);
