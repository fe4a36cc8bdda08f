import { expect, it } from 'vitest';
import { redisServerPath } from '../harness/processes/redis-server.ts';
import { actions } from '../play/stage/actions.ts';
import { isOpen } from '../play/model/track.ts';
import { verdictOf } from '../play/model/verdict.ts';
import { playEntries, Stage } from './support/compiled.ts';

const why = redisServerPath() === undefined ? ' (skipped: no redis-server)' : '';

it.skipIf(why !== '')(
  `two nodes of npm run play: a sign-out on the first ends the connection on the second, also after Redis was away${why}`,
  { timeout: 120_000 },
  async () => {
    const entries = (await playEntries('connection-lease')).filter(({ variant }) => variant === 'hardened');
    const stage = await Stage.open({ entries, ttl: 60_000, redis: true, nodes: 2, connects: true });
    const act = (id: string): Promise<number[]> => stage.act(actions.find((action) => action.id === id)!);
    const clients = (): number => stage.states[0]!.clients.length;
    const tracks = () => stage.states[0]!.clients.flatMap(({ sends, receives }) => [sends, receives]);
    const served = (): boolean => tracks().every((track) => isOpen(track) && track.servedAt !== null);
    try {
      await stage.ready;
      await expect.poll(served, { timeout: 30_000 }).toBe(true);
      expect(await act('redis-away')).toEqual([]);
      expect(stage.states[0]!.redis).toBe(true);
      // The nodes are connected to Redis again a moment later than it is back, and then somebody can sign in.
      await expect
        .poll(() => act('device').then(() => clients() === 2 && served()), { timeout: 60_000, interval: 1000 })
        .toBe(true);
      const before = await stage.lane(0)!.details();
      // A client has one connection on each.
      expect(before.reports.map(({ node, counters }) => [node, counters?.open])).toEqual([[1, 2], [2, 2]]);
      expect(await act('sign-out-everywhere')).toEqual([]);
      await expect.poll(() => tracks().some(isOpen), { timeout: 30_000 }).toBe(false);
      expect(verdictOf(stage.states[0]!, stage.now()).text).toMatch(
        /^cut on nodes 1 and 2, .* after sign-out everywhere on node 1$/,
      );
      const { reports } = await stage.lane(0)!.details();
      expect(reports.map(({ counters }) => counters?.cut['revoked'])).toEqual([2, 2]);
    } finally {
      await stage.close();
    }
  },
); // prettier-ignore
