import type { KeyObject } from 'node:crypto';
import { newSecret } from '../../harness/app/app.ts';
import { refusalOf, type Scenario } from '../../harness/app/scenario.ts';
import { hmacKey } from '../../strategies/shared/tokens/key-ring.ts';
import type { Subject } from '../engine/audit.ts';
import { BrokenPromise } from '../broken-promise.ts';
import { expectTokenAdmitted } from './expectations.ts';
import { hmacToken, type Json, readToken } from './forge.ts';

export interface Issued {
  readonly scenario: Scenario;
  /** A token that opens a connection. */
  readonly token: string;
  readonly header: Json;
  readonly payload: Json;
  readonly key: KeyObject;
  /** Signs any claims as the server itself would. */
  resigned(payload: Json | string, header?: Json): string;
}

/** Starts a server whose secret is known, and has it issue a JWT. @throws BrokenPromise if it issues none */
export async function issued({ start }: Subject): Promise<Issued> {
  const secret = newSecret();
  const scenario = await start({ secret });
  const token = await tokenOf(scenario);
  const { header, payload } = readToken(token);
  const key = hmacKey(secret).sign;
  return { scenario, token, header, payload, key, resigned: (claims, head = header) => hmacToken(head, claims, key) };
}

/** The token that a user of its own presents. @throws BrokenPromise if that is none */
export async function tokenOf(scenario: Scenario): Promise<string> {
  const { auth } = (await scenario.signedIn(await scenario.user())).connectOptions();
  const token = auth?.['token'];
  if (typeof token !== 'string') throw new BrokenPromise('a token as auth.token', `it is of type ${typeof token}`);
  return token;
}

/**
 * Every forged token is refused, and the one that the server itself issued is not.
 *
 * @throws BrokenPromise that says which of them were admitted, by their numbers in the list
 */
export async function refusesAll({ scenario, token }: Issued, forged: readonly string[]): Promise<void> {
  const passed: number[] = [];
  for (const [index, one] of forged.entries()) {
    if ((await refusalOf(scenario.connectWith({ auth: { token: one } }))) === undefined) passed.push(index + 1);
  }
  if (passed.length > 0) {
    const which = `number ${passed.join(', ')} of ${forged.length}`;
    throw new BrokenPromise('a refusal of each forged token', `${which} was admitted`);
  }
  await expectTokenAdmitted(scenario, token);
}
