import type { KeyObject } from 'node:crypto';
import { expect } from 'expect';
import { newSecret } from '../harness/app.ts';
import { refusalOf, type Scenario } from '../harness/scenario.ts';
import { hmacKey } from '../strategies/shared/tokens/key-ring.ts';
import type { Subject } from './audit.ts';
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

/** A server whose secret is known, and a token that it has issued. */
export async function issued({ start }: Subject): Promise<Issued> {
  const secret = newSecret();
  const scenario = await start({ secret });
  const token = await tokenOf(scenario);
  const { header, payload } = readToken(token);
  const key = hmacKey(secret).sign;
  return { scenario, token, header, payload, key, resigned: (claims, head = header) => hmacToken(head, claims, key) };
}

export async function tokenOf(scenario: Scenario): Promise<string> {
  const { auth } = (await scenario.signedIn(await scenario.user())).connectOptions();
  const token = auth?.['token'];
  expect(typeof token).toBe('string');
  return token as string;
}

export const admitted = async (scenario: Scenario, token: unknown): Promise<boolean> =>
  (await refusalOf(scenario.connectWith({ auth: { token } }))) === undefined;

/** Each is refused, and what the server itself signed would not be. */
export async function refusesAll({ scenario, token }: Issued, forged: readonly string[]): Promise<void> {
  const passed = [];
  for (const one of forged) if (await admitted(scenario, one)) passed.push(forged.indexOf(one));
  expect(passed).toHaveLength(0);
  expect(await admitted(scenario, token)).toBe(true);
}
