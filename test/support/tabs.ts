import type { ClientOptions, CreateClient, StrategyClient } from '../../strategies/strategy.ts';
import { gate } from './gate.ts';

/** The fate of the answer to a tab's next HTTP request. */
type Fate = 'arrives' | 'is lost' | 'finds the tab dead' | 'waits';

/** A browser on one device: its tabs share a storage and its locks. */
export class FakeBrowser {
  readonly stored = new Map<string, string>();
  online = true;
  #last: Promise<unknown> = Promise.resolve();

  /** Runs in turn, whatever becomes of those before. */
  inTurn(task: () => Promise<unknown>): Promise<unknown> {
    const done = this.#last.then(task);
    this.#last = done.catch(() => {});
    return done;
  }
}

/** A tab: a client over the storage of its browser, and a network that fails as it is told to. */
export class FakeTab {
  readonly client: StrategyClient;
  readonly browser: FakeBrowser;
  next: Fate = 'arrives';
  /** Passed once an answer waits; `awake` lets it arrive. */
  readonly asleep = gate();
  readonly awake = gate();
  readonly #died = gate();
  #isDead = false;

  constructor(browser: FakeBrowser, createClient: CreateClient, options: Pick<ClientOptions, 'url' | 'storage'>) {
    this.browser = browser;
    this.client = createClient({
      storage: {
        getItem: (key) => browser.stored.get(key),
        setItem: (key, value) => this.#isDead || browser.stored.set(key, value),
        removeItem: (key) => this.#isDead || browser.stored.delete(key),
      },
      lock: {
        // A tab that dies lets go, and does nothing in its later turns.
        request: (_, __, task) => browser.inTurn(() => Promise.race([this.#isDead ? undefined : task(), this.died])),
      },
      fetch: (url, init) => this.#fetch(url, init),
      ...options,
    });
  }

  get died(): Promise<void> {
    return this.#died.passed;
  }

  async #fetch(...request: Parameters<typeof fetch>): Promise<Response> {
    const fate = this.next;
    this.next = 'arrives';
    if (!this.browser.online) throw new TypeError('fetch failed');
    const answer = await fetch(...request);
    if (fate === 'is lost') {
      await answer.text();
      throw new TypeError('fetch failed');
    }
    if (fate === 'finds the tab dead') {
      this.#isDead = true;
      this.#died.open();
      await new Promise(() => {});
    }
    if (fate === 'waits') {
      this.asleep.open();
      await this.awake.passed;
    }
    return answer;
  }
}
