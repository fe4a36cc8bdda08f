import { systemClock } from '../../strategies/shared/clock.ts';
import { inTime } from '../../strategies/shared/in-time.ts';
import type { StrategyClient } from '../../strategies/strategy.ts';
import type { TestUser } from '../app/app.ts';
import type { ClientHalf } from '../app/client-half.ts';
import { forge, withCredential } from './forgery.ts';
import { type ClientConnection, presenting } from '../app/client-connection.ts';

/** What a probe presents. */
export type Presented = 'forged' | 'expired';

/** How long a probe waits for an answer that should not come, in ms: and this many times what answers usually take. */
const UNANSWERED = 150;
const TIMES_USUAL = 10;
/** How long it waits for one that should come, in ms. */
export const LONGEST_ANSWER = 5000;

type Credential = ReturnType<StrategyClient['connectOptions']>;

/** Who has no business on a server, and tries: a user whose credential was tampered with, or is over. */
export class InvalidCredentialProbes {
  readonly #url: string;
  readonly #half: ClientHalf;
  readonly #presented: Partial<Record<Presented, Credential>> = {};

  constructor(url: string, half: ClientHalf) {
    this.#url = url;
    this.#half = half;
  }

  /** Signs in, and tampers with what it is given. */
  async forge(user: TestUser): Promise<void> {
    const client = await this.#signIn(user);
    this.#presented.forged = withCredential(client.connectOptions(), forge);
  }

  /**
   * Signs in where the server's clock is wrong, and keeps what was over as it was given. Where a credential has no end
   * there is none that is over, and the forged one is presented instead.
   * @throws where the credential is not over
   */
  async expire(user: TestUser): Promise<void> {
    const client = await this.#signIn(user);
    if (client.expiresAt === undefined) return;
    if (client.expiresAt > Date.now()) throw new Error('it issues nothing that is over');
    this.#presented.expired = client.connectOptions();
  }

  /**
   * Tells whether a message right behind the CONNECT is answered. It waits 5 s if an answer is `expected`. Otherwise it
   * waits 150 ms, or ten times the ms that answers `usually` take.
   */
  async intrude(presented: Presented, expected: boolean, usually: number): Promise<boolean> {
    const patience = expected ? LONGEST_ANSWER : Math.max(UNANSWERED, TIMES_USUAL * usually);
    const credential = this.#presented[presented] ?? this.#presented.forged;
    if (credential === undefined) throw new TypeError('A probe has to be signed in first');
    const client = presenting(this.#half.createClient({ url: this.#url }), credential);
    let connection: ClientConnection;
    try {
      connection = await this.#half.openConnection(client, this.#url, 'lobby', { recover: false });
    } catch {
      return false;
    }
    const answered = () => new Promise<boolean>((resolve) => connection.say(({ from }) => resolve(from !== undefined)));
    const answer = await inTime(systemClock, patience, answered, () => false);
    connection.close();
    return answer;
  }

  async #signIn({ username, password }: TestUser): Promise<StrategyClient> {
    const client = this.#half.createClient({ url: this.#url });
    await client.signIn(username, password);
    return client;
  }
}
