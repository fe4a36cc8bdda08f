import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { refusalOf, Scenario } from '../../../harness/app/scenario.ts';
import { FakeBrowser, FakeTab } from '../../../test/support/tabs.ts';
import { gate } from '../../../test/support/gate.ts';
import connectionLease from '../../connection-lease/index.ts';
import { createClient } from '../../connection-lease/client.ts';
import { TokenService } from '../tokens/token-service.ts';
import type { ClientOptions } from '../../strategy.ts';
import { AuthSocket } from './auth-socket.ts';

let scenario: Scenario;
let user: Awaited<ReturnType<Scenario['user']>>;
/** The refresh tokens that came to the server. */
let presented: unknown[];

beforeEach(async () => {
  scenario = await Scenario.start(connectionLease, 'hardened');
  onTestFinished(() => scenario.dispose());
  user = await scenario.user();
  presented = [];
  const tokens = scenario.app.app.get(TokenService, { strict: false });
  const refresh = tokens.refresh.bind(tokens);
  tokens.refresh = (token, ...rest) => {
    presented.push(token);
    return refresh(token, ...rest);
  };
});

const clientOf = (options: Partial<ClientOptions> = {}) => createClient({ url: scenario.app.url, ...options });
const signIn = (client: ReturnType<typeof clientOf>) => client.signIn(user.username, user.password);

function tabsOf(browser: FakeBrowser, count: number): FakeTab[] {
  return Array.from({ length: count }, () => new FakeTab(browser, createClient, { url: scenario.app.url }));
}

async function signedInTabs(count: number) {
  const browser = new FakeBrowser();
  await signIn(tabsOf(browser, 1)[0]!.client);
  return { browser, tabs: tabsOf(browser, count) };
}

/** As React Native keeps them. */
function laterStorage(content = new Map<string, string>()) {
  return {
    content,
    getItem: async (key: string) => content.get(key) ?? null,
    setItem: async (key: string, value: string) => void content.set(key, value),
    removeItem: async (key: string) => void content.delete(key),
  };
}

const nowStorage = (content: Map<string, string>) => ({
  getItem: (key: string) => content.get(key) ?? null,
  setItem: (key: string, value: string) => void content.set(key, value),
  removeItem: (key: string) => void content.delete(key),
});

describe('a client over a storage', () => {
  it('is signed in after a reload, from one key that is told or set', async () => {
    const content = new Map<string, string>();
    await signIn(clientOf({ storage: nowStorage(content) }));
    await signIn(clientOf({ storage: nowStorage(content), storageKey: 'mine' }));
    expect([...content.keys()]).toEqual([`ws-auth:${scenario.app.url}/auth`, 'mine']);
    const reloaded = clientOf({ storage: nowStorage(content) });
    expect(reloaded.expiresAt).toBeDefined();
    await scenario.connect(reloaded);
  });

  it('is signed in from a storage that answers later, once it has connected', async () => {
    const { content } = laterStorage();
    await signIn(clientOf({ storage: laterStorage(content) }));
    const reloaded = clientOf({ storage: laterStorage(content) });
    await scenario.connect(reloaded);
    expect(await reloaded.renew()).toBe(true);
    await reloaded.signOut();
    expect(content.size).toBe(0);
  });

  it.each(['', '{', 'null', '[]', '"text"', '{"accessToken":1}', '{"accessToken":"a","refreshToken":"b"}'])(
    'is signed out if it holds %s',
    async (text) => {
      const content = new Map([['mine', text]]);
      const client = clientOf({ storage: nowStorage(content), storageKey: 'mine' });
      expect(client.expiresAt).toBeUndefined();
      expect(client.connectOptions()).toEqual({ auth: { token: undefined } });
      expect(await client.renew()).toBe(false);
      await signIn(client);
      expect(await client.renew()).toBe(true);
    },
  );

  it('goes on from memory if the storage is full, and leaves no spent token in it', async () => {
    const content = new Map<string, string>();
    let isFull = false;
    const storage = {
      ...nowStorage(content),
      setItem: (key: string, value: string) => {
        if (isFull) throw new Error('QuotaExceededError');
        content.set(key, value);
      },
    };
    const client = clientOf({ storage });
    await signIn(client);
    isFull = true;
    expect(await client.renew()).toBe(true);
    expect(content.size).toBe(0);
    expect(await client.renew()).toBe(true);
    expect(new Set(presented).size).toBe(2);
  });

  it('is not signed out by a storage that fails once', async () => {
    const storage = laterStorage();
    const client = clientOf({ storage });
    await signIn(client);
    const { getItem } = storage;
    storage.getItem = () => Promise.reject(new Error('busy'));
    expect(await refusalOf(client.renew())).toBe('unavailable');
    storage.getItem = getItem;
    expect(await client.renew()).toBe(true);
  });

  it('sends its headers with its own fetch', async () => {
    const sent: unknown[] = [];
    const own: typeof fetch = (url, init) => {
      sent.push([url, new Headers(init?.headers).get('x-app'), init?.credentials]);
      return fetch(url, init);
    };
    await signIn(clientOf({ fetch: own, headers: { 'x-app': 'shop' } }));
    expect(sent).toEqual([[`${scenario.app.url}/auth/login`, 'shop', 'include']]);
  });
});

describe('several tabs', () => {
  it('renew once, and all have the fresh tokens', async () => {
    const { tabs } = await signedInTabs(2);
    const renewals = tabs.flatMap(({ client }) => Array.from({ length: 10 }, () => client.renew()));
    expect(new Set(await Promise.all(renewals))).toEqual(new Set([true]));
    expect(presented).toHaveLength(1);
    const [one, other] = tabs.map(({ client }) => client.connectOptions());
    expect(one).toEqual(other);
    expect(await tabs[1]!.client.renew()).toBe(true);
    expect(new Set(presented).size).toBe(2);
  });

  it('renew their connections in turn, the second with the access token that the first got', async () => {
    const { tabs } = await signedInTabs(2);
    const sockets = [await scenario.connect(tabs[0]!.client), await scenario.connect(tabs[1]!.client)];
    await Promise.all(sockets.map((socket) => socket.renew()));
    expect(presented).toHaveLength(1);
    expect(sockets.map(({ counters }) => counters)).toEqual([
      { renewals: 1, reconnects: 0, retries: 0 },
      { renewals: 1, reconnects: 0, retries: 0 },
    ]);
    expect(tabs[1]!.client.connectOptions()).toEqual(tabs[0]!.client.connectOptions());
  });

  it('are signed out together, and no renewal under way signs them in again', async () => {
    const { browser, tabs } = await signedInTabs(2);
    const [one, other] = tabs as [FakeTab, FakeTab];
    one.next = 'waits';
    const renewing = one.client.renew();
    await one.asleep.passed;
    await other.client.signOut();
    one.awake.open();
    expect(await renewing).toBe(false);
    expect(browser.stored.size).toBe(0);
    expect(one.client.expiresAt).toBeUndefined();
    expect(one.client.connectOptions()).toEqual({ auth: { token: undefined } });
  });

  it('go on where one has died between the answer and the storage', async () => {
    const { tabs } = await signedInTabs(2);
    tabs[0]!.next = 'finds the tab dead';
    void tabs[0]!.client.renew();
    expect(await tabs[1]!.client.renew()).toBe(true);
    expect(presented[0]).toBe(presented[1]);
    expect(await tabs[1]!.client.renew()).toBe(true);
    expect(presented[2]).not.toBe(presented[0]);
  });

  it('stay signed in without Web Locks, too: whoever asks with the same token gets the same answer', async () => {
    const content = new Map<string, string>();
    const client = () => clientOf({ storage: nowStorage(content) });
    await signIn(client());
    const [one, other] = [client(), client()];
    expect(await Promise.all([one.renew(), other.renew()])).toEqual([true, true]);
    expect(one.connectOptions()).toEqual(other.connectOptions());
    expect(await one.renew()).toBe(true);
  });

  it('are told that no answer came if another holds the lock for too long', async () => {
    const held = gate();
    const timeout = new DOMException('It took too long', 'TimeoutError');
    const request = () => Promise.reject(timeout);
    const client = clientOf({ lock: { request } });
    await signIn(client);
    expect(await refusalOf(client.renew())).toBe('no-answer');
    held.open();
  });
});

it('ends the connection of a tab whose browser was signed out elsewhere', async () => {
  const { tabs } = await signedInTabs(2);
  const socket = await AuthSocket.connect(tabs[0]!.client, `${scenario.app.url}/chat`);
  onTestFinished(() => socket.close());
  await tabs[1]!.client.signOut();
  expect(await socket.ended).toBe('revoked');
});
