import { createClient } from 'redis';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startApp } from '../../harness/app/app.ts';
import { passive } from '../../harness/app/scenario.ts';
import { forget, newPrefix } from '../../harness/app/store.ts';
import { loadStrategy } from '../../strategies/registry.ts';
import { post } from '../../strategies/shared/client/http-client.ts';
import { redisStores } from '../../strategies/shared/stores/redis/index.ts';
import { RedisLink } from '../../strategies/shared/stores/redis/link.ts';
import { gate } from '../support/gate.ts';
import { arrive } from '../support/guest.ts';
import { redisUrl, withoutRedis } from '../support/stores.ts';
import { ToxicProxy } from '../support/toxic-proxy.ts';

const sweepInterval = 200;
const strategy = await loadStrategy('connection-lease');

/** A part of Redis, and what another node does to it. */
async function part() {
  const prefix = newPrefix();
  const raw = createClient({ url: redisUrl! });
  await raw.connect();
  onTestFinished(async () => {
    raw.destroy();
    await forget(redisUrl!, prefix);
  });
  return {
    store: { url: redisUrl!, prefix, sweepInterval },
    raw,
    log: `${prefix}log`,
    /** Writes a revocation into the log, and the push of it is lost. */
    write: (revocation: object) =>
      raw.xAdd(`${prefix}log`, '*', { entry: JSON.stringify({ node: 'elsewhere', revocation }) }),
  };
}

async function behindProxy() {
  const proxy = await ToxicProxy.start(Number(new URL(redisUrl!).port));
  onTestFinished(() => proxy.stop());
  return proxy;
}

describe.skipIf(redisUrl === undefined)(`the log${withoutRedis}`, () => {
  it('is read for pushes that were lost, though publishes are under way all the time', async () => {
    const { store, write } = await part();
    const proxy = await behindProxy();
    proxy.latency = 5;
    const { revocations, close } = await redisStores({ ...store, url: proxy.url });
    onTestFinished(close);
    const heard = gate<string>();
    revocations.onRevoked(({ subject, code }) => {
      if (subject === 'victim') heard.open(code);
    });
    const over = new AbortController();
    const publishing = Array.from({ length: 5 }, async (_, line) => {
      for (let turn = 0; !over.signal.aborted; turn++) {
        const revocation = { code: 'revoked', subject: `user-${line}-${turn}`, sessionId: 'one' } as const;
        await revocations.publish(revocation, Date.now() + 60_000);
      }
    });
    await write({ code: 'banned', subject: 'victim' });
    expect(await heard.passed).toBe('banned');
    over.abort();
    await Promise.all(publishing);
  });

  it.each(['before', 'before and after'])('is read whole where it is another one, with entries %s', async (where) => {
    const { store, raw, log } = await part();
    // As it was before a Redis took over whose clock is a second behind.
    const readUntil = Date.now() + 1000;
    await raw.xAdd(log, `${readUntil}-0`, { entry: 'not one of ours' });
    const { revocations, close } = await redisStores(store);
    onTestFinished(close);
    const heard = gate<string>();
    revocations.onRevoked(({ code }) => heard.open(code));
    const replacing = raw.multi().del(log);
    const entry = JSON.stringify({ node: 'elsewhere', revocation: { code: 'banned', subject: 'victim' } });
    replacing.xAdd(log, `${readUntil - 500}-0`, { entry });
    if (where === 'before and after') replacing.xAdd(log, `${readUntil + 500}-0`, { entry: 'not one of ours' });
    await replacing.exec();
    expect(await heard.passed).toBe('banned');
  });

  it('may tell of codes that this version does not know: the connection ends as revoked', async () => {
    const { store, write } = await part();
    const app = await startApp(strategy, { store });
    onTestFinished(() => app.close());
    const user = await app.addUser('ann');
    const { socket } = await arrive(strategy, user, app.url, passive);
    await write({ code: 'device-lost', subject: user.subject });
    expect(await socket.ended).toBe('revoked');
  });

  it('has one entry of a sign-out, however often it is asked for', async () => {
    const { store, raw, log } = await part();
    const app = await startApp(strategy, { store });
    onTestFinished(() => app.close());
    const { username, password } = await app.addUser('ann');
    const signedIn = await post(`${app.url}/auth/login`, { username, password });
    const { refreshToken } = (await signedIn.json()) as { refreshToken: string };
    const signOut = () => post(`${app.url}/auth/logout`, { refreshToken });
    await Promise.all([signOut(), signOut()]);
    await signOut();
    expect(await raw.xLen(log)).toBe(1);
  });
});

describe.skipIf(redisUrl === undefined)(`what was confirmed${withoutRedis}`, () => {
  it('is told again to a Redis that comes back without it, and is known there before long', async () => {
    const { store, raw } = await part();
    const proxy = await behindProxy();
    const stores = await redisStores({ ...store, url: proxy.url });
    onTestFinished(() => stores.close());
    const epoch = await stores.revocations.epoch();
    await stores.revocations.publish({ code: 'revoked', subject: 'ann' }, stores.clock.now() + 60_000);
    proxy.set('refused');
    // As one that was killed before it wrote what it had confirmed.
    await raw.del(await raw.keys(`${store.prefix}*`));
    proxy.set('none');
    const principal = { subject: 'ann', roles: [], epoch };
    const known = () => stores.revocations.check(principal).catch(() => 'unavailable');
    await expect.poll(known, { timeout: 8000 }).toBe('revoked');
  });
});

describe.skipIf(redisUrl === undefined)(`while Redis is away${withoutRedis}`, () => {
  /** Stores whose Redis can go away, and come back without what it confirmed last. */
  async function losing() {
    const { store, raw } = await part();
    const proxy = await behindProxy();
    const stores = await redisStores({ ...store, url: proxy.url });
    onTestFinished(() => stores.close());
    const { revocations } = stores;
    const until = () => stores.clock.now() + 60_000;
    const lose = async () => {
      proxy.set('refused');
      await raw.del(await raw.keys(`${store.prefix}*`));
    };
    const known = (roles: readonly string[] = [], epoch?: number) =>
      revocations.check({ subject: 'ann', roles, ...(epoch !== undefined && { epoch }) }).catch(() => 'unavailable');
    return { revocations, until, lose, back: () => proxy.set('none'), known };
  }

  it('a change of an account that could not be delivered comes after the one that was confirmed before it', async () => {
    const { revocations, until, lose, back } = await losing();
    await revocations.publish({ code: 'roles-changed', subject: 'ann', roles: ['moderator'] }, until());
    await lose();
    await expect(revocations.publish({ code: 'roles-changed', subject: 'ann', roles: [] }, until())).rejects.toThrow(
      'Redis did not answer',
    );
    back();
    await expect.poll(() => revocations.rolesOf('ann').catch(() => undefined), { timeout: 8000 }).toEqual([]);
  });

  it('a ban that could not be delivered outlives an unban that was confirmed before it', async () => {
    const { revocations, until, lose, back, known } = await losing();
    await revocations.publish({ code: 'banned', subject: 'ann' }, until(), until());
    await revocations.unban('ann');
    await lose();
    await expect(revocations.publish({ code: 'banned', subject: 'ann' }, until(), until())).rejects.toThrow(
      'Redis did not answer',
    );
    back();
    await expect.poll(() => known([], 9e15), { timeout: 8000 }).toBe('banned');
  });

  it('one account takes one place, however often it signs out everywhere, and is let in again afterwards', async () => {
    const { revocations, until, lose, back, known } = await losing();
    await lose();
    const signingOut = Array.from({ length: 200 }, () =>
      revocations.publish({ code: 'revoked', subject: 'ann' }, until()),
    );
    expect((await Promise.allSettled(signingOut)).every(({ status }) => status === 'rejected')).toBe(true);
    back();
    await expect.poll(() => known(), { timeout: 8000 }).toBe('revoked');
    const later = async () => known([], await revocations.epoch().catch(() => 0));
    await expect.poll(later, { timeout: 8000 }).toBeUndefined();
  });
});

describe.skipIf(redisUrl === undefined)(`what could not be delivered${withoutRedis}`, () => {
  it('keeps no other back where Redis refuses it each time', async () => {
    const { raw, log } = await part();
    const proxy = await behindProxy();
    const link = await RedisLink.open(proxy.url);
    onTestFinished(() => link.close());
    proxy.set('refused');
    const delivering = await Promise.allSettled([
      link.deliver('first', 'ann', (client) => client.eval('return redis.error_reply("ERR no")')),
      link.deliver('second', 'bob', (client) => client.xAdd(log, '*', { entry: 'second' })),
    ]);
    expect(delivering.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    proxy.set('none');
    const delivered = async () => {
      await link.redeliver();
      return raw.xLen(log);
    };
    await expect.poll(delivered, { timeout: 5000 }).toBe(1);
  });
});
