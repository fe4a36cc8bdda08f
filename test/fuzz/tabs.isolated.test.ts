import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { refusalOf, Scenario } from '../../harness/app/scenario.ts';
import { loadStrategies } from '../../strategies/registry.ts';
import { AuthSocket } from '../../strategies/shared/client/auth-socket.ts';
import { defaultLifetimes } from '../../strategies/shared/lifetimes.ts';
import { TokenService } from '../../strategies/shared/tokens/token-service.ts';
import { patience, roundsOf, seed } from './rounds.ts';
import { FakeBrowser, FakeTab } from '../support/tabs.ts';

const SCHEDULES = roundsOf(50, 1000);
const MOST_STEPS = 10;
const HOUR = 3_600_000;
const TABS = 4;

const kinds = [
  'renew',
  'lose the answer',
  'die with the answer',
  'sleep',
  'offline',
  'set the clock back',
  'reload',
  'prompt',
  'expire',
  'drop',
] as const;
const step = fc.record({ kind: fc.constantFrom(...kinds), tab: fc.nat(TABS - 1), others: fc.boolean() });
type Step = Readonly<{ kind: (typeof kinds)[number]; tab: number; others: boolean }>;

const withTokens = (await loadStrategies()).filter(
  ({ httpEndpoints, role }) => httpEndpoints.includes('refresh') && role === 'strategy',
);

describe.each(withTokens)('tabs of $id', (strategy) => {
  let scenario: Scenario;
  const reused: unknown[] = [];
  /** How often each refresh token came to the server, and how many answers or tabs were lost on their way. */
  const presented = new Map<unknown, number>();
  let faults = 0;

  beforeAll(async () => {
    // Neither a back-off nor a prompt takes chance into account.
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const report = ({ event }: { event: string }) => event === 'reuse' && reused.push(event);
    scenario = await Scenario.start(strategy, 'hardened', { report, limits: false });
    const tokens = scenario.app.app.get(TokenService, { strict: false });
    const refresh = tokens.refresh.bind(tokens);
    tokens.refresh = (token, ...rest) => {
      presented.set(token, (presented.get(token) ?? 0) + 1);
      return refresh(token, ...rest);
    };
  });

  afterAll(async () => {
    await scenario.dispose();
    vi.restoreAllMocks();
  });

  /** Two devices of one user, with two tabs each. */
  async function open() {
    const { createClient } = await strategy.client();
    const user = await scenario.user();
    const url = scenario.app.url;
    const sockets: AuthSocket[] = [];
    const tabs: FakeTab[] = [];
    const openTab = async (browser: FakeBrowser, at: number): Promise<void> => {
      sockets[at]?.close();
      tabs[at] = new FakeTab(browser, createClient, { url });
      sockets[at] = await AuthSocket.connect(tabs[at].client, `${url}/chat`);
    };
    for (const browser of [new FakeBrowser(), new FakeBrowser()]) {
      await new FakeTab(browser, createClient, { url }).client.signIn(user.username, user.password);
      await openTab(browser, tabs.length);
      await openTab(browser, tabs.length);
    }
    const settled = async () => {
      const ask = (socket: AuthSocket) => refusalOf(socket.request('whoIsHere', {}, { retry: true }));
      let refused = await Promise.all(sockets.map(ask));
      for (let tries = 0; tries < 5 && refused.some(Boolean); tries++) refused = await Promise.all(sockets.map(ask));
      expect(refused).toEqual(sockets.map(() => undefined));
    };
    return { tabs, sockets, openTab, settled };
  }

  type Opened = Awaited<ReturnType<typeof open>>;

  /** Takes a step. Returns the codes of renewals that should have succeeded. */
  async function take({ tabs, sockets, openTab }: Opened, { kind, tab: at, others }: Step) {
    const tab = tabs[at]!;
    const { browser } = tab;
    const renewAll = () => Promise.all((others ? tabs : [tab]).map(({ client }) => refusalOf(client.renew())));
    switch (kind) {
      case 'renew':
        return renewAll();
      case 'lose the answer':
        faults += 1;
        tab.next = 'is lost';
        await renewAll();
        tab.next = 'arrives';
        scenario.clock.advance(25_000);
        return [await refusalOf(tab.client.renew())];
      case 'die with the answer':
        faults += 1;
        tab.next = 'finds the tab dead';
        await Promise.race([renewAll(), tab.died]);
        await openTab(browser, at);
        return [await refusalOf(tabs[at]!.client.renew())];
      case 'sleep': {
        tab.next = 'waits';
        const renewed = renewAll();
        await Promise.race([tab.asleep.passed, renewed]);
        scenario.clock.advance(45_000);
        tab.awake.open();
        return renewed;
      }
      case 'offline': {
        browser.online = false;
        const code = await refusalOf(tab.client.renew());
        scenario.clock.advance(25_000);
        browser.online = true;
        // Another tab may have renewed for this one.
        return code === 'server-unreachable' ? [] : [code];
      }
      case 'set the clock back':
        vi.spyOn(Date, 'now').mockReturnValue(Date.now() - HOUR);
        return [];
      case 'reload':
        await openTab(browser, at);
        return [];
      case 'prompt':
        scenario.clock.advance(defaultLifetimes.accessToken * (7 / 8) + 1000);
        return [];
      case 'expire':
        scenario.clock.advance(defaultLifetimes.accessToken + 2000);
        return [];
      default:
        faults += others ? TABS : 1;
        for (const each of others ? sockets : [sockets[at]!]) each.socket.io.engine.close();
        return [];
    }
  }

  it(`sign nobody out and use no refresh token twice (${SCHEDULES} schedules)`, { timeout: patience * 2 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: MOST_STEPS }), async (steps) => {
        presented.clear();
        faults = 0;
        const opened = await open();
        for (const each of steps) {
          const codes = await take(opened, each);
          expect(codes.filter((code) => code !== undefined)).toEqual([]);
          await opened.settled();
        }
        expect(reused).toEqual([]);
        const twice = [...presented.values()].reduce((sum, times) => sum + times - 1, 0);
        expect(twice).toBeLessThanOrEqual(faults);
        for (const socket of opened.sockets) socket.close();
      }),
      { seed, numRuns: SCHEDULES },
    );
  });
});
