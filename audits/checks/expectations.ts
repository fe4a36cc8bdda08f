import { connectFrame, type RawTransport } from '../../harness/app/raw-transport.ts';
import { delivered, refusalOf, type Scenario, say } from '../../harness/app/scenario.ts';
import { AuthSocket } from '../../strategies/shared/client/auth-socket.ts';
import { BrokenPromise } from '../broken-promise.ts';

/**
 * The action is refused, under one of these codes if any are given.
 *
 * @throws BrokenPromise such as `expected a refusal (banned), was admitted`
 */
export async function expectRefusal(action: Promise<unknown>, ...codes: readonly string[]): Promise<void> {
  const expected = codes.length === 0 ? 'a refusal' : `a refusal (${codes.join(' or ')})`;
  let done: unknown;
  const code = await refusalOf(action.then((value) => (done = value)));
  if (code === undefined) throw new BrokenPromise(expected, happenedBy(done));
  if (codes.length > 0 && !codes.includes(code)) throw new BrokenPromise(expected, `was refused with ${code}`);
}

/** A connection is admitted; a message is handled. */
const happenedBy = (done: unknown): string => (done instanceof AuthSocket ? 'was admitted' : 'was accepted');

/**
 * The action is not refused. Returns what it gives.
 *
 * @throws BrokenPromise such as `expected to be accepted, was refused with expired`
 */
export async function expectSuccess<T>(action: Promise<T>): Promise<T> {
  try {
    return await action;
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === undefined) throw error;
    throw new BrokenPromise('to be accepted', `was refused with ${code}`);
  }
}

/** CONNECT with this value as `auth.token` is refused. @throws BrokenPromise */
export const expectTokenRefused = (scenario: Scenario, token: unknown): Promise<void> =>
  expectRefusal(scenario.connectWith({ auth: { token } }));

/** CONNECT with this value as `auth.token` is admitted. @throws BrokenPromise */
export async function expectTokenAdmitted(scenario: Scenario, token: unknown): Promise<void> {
  await expectSuccess(scenario.connectWith({ auth: { token } }));
}

/** The server closes the transport within 2 s. @throws BrokenPromise */
export async function expectClosed(transport: RawTransport): Promise<void> {
  if (!(await transport.closes())) throw new BrokenPromise('the server to close the transport', 'it stayed open');
}

/** The transport has asked for a namespace, and gets into it. @throws BrokenPromise */
export async function expectJoined(transport: RawTransport): Promise<void> {
  if ((await transport.frame(/^40/)) !== undefined) return;
  const refusal = transport.frames.find((frame) => frame.startsWith('44'));
  throw new BrokenPromise(
    'CONNECT to be admitted',
    refusal === undefined ? 'no answer came' : `was refused: ${refusal}`,
  );
}

/** The server still serves someone else. @throws BrokenPromise */
export async function expectServing(scenario: Scenario): Promise<void> {
  const code = await refusalOf(
    scenario.user().then(async (user) => say(await scenario.connect(await scenario.signedIn(user)))),
  );
  if (code !== undefined) throw new BrokenPromise('the server to serve another client', `it was refused with ${code}`);
}

/** A notification that is sent now reaches the listener. @throws BrokenPromise */
export async function expectDelivery(...[scenario, listener, subject]: Parameters<typeof delivered>): Promise<void> {
  if (!(await delivered(scenario, listener, subject)))
    throw new BrokenPromise('a notification to be delivered', 'it did not arrive');
}

/** A notification that is sent now does not reach the listener. @throws BrokenPromise */
export async function expectNoDelivery(...[scenario, listener, subject]: Parameters<typeof delivered>): Promise<void> {
  if (await delivered(scenario, listener, subject))
    throw new BrokenPromise('nothing to be delivered', 'a notification arrived');
}

/** @throws BrokenPromise such as `expected no handled messages, there were 3` */
export function expectNone(what: string, count: number): void {
  if (count > 0) throw new BrokenPromise(`no ${what}`, `there ${count === 1 ? 'was' : 'were'} ${count}`);
}

/** Opens a transport for a user of its own, with whatever the user presents, and joins the chat. @throws BrokenPromise */
export async function admit(scenario: Scenario): Promise<RawTransport> {
  const presented = (await scenario.signedIn(await scenario.user())).connectOptions();
  const transport = await scenario.raw(presented);
  transport.send(connectFrame('/chat', presented.auth));
  await expectJoined(transport);
  return transport;
}

/** The HTTP answer is a refusal, with this status if one is given. @throws BrokenPromise */
export function expectHttpRefusal({ status }: { readonly status: number }, expected?: number): void {
  if (expected === undefined ? status >= 400 : status === expected) return;
  throw new BrokenPromise(
    `a refusal${expected === undefined ? '' : ` (HTTP ${expected})`}`,
    `the answer was HTTP ${status}`,
  );
}

/** The HTTP answer is no refusal. @throws BrokenPromise */
export function expectHttpSuccess(
  { ok, status }: { readonly ok: boolean; readonly status: number },
  what: string,
): void {
  if (!ok) throw new BrokenPromise(`${what} to be accepted`, `the answer was HTTP ${status}`);
}

/** A frame that matches comes within 2 s. Returns it. @throws BrokenPromise */
export async function expectFrame(transport: RawTransport, pattern: RegExp): Promise<string> {
  const frame = await transport.frame(pattern);
  if (frame === undefined) throw new BrokenPromise(`a frame like ${pattern.source}`, 'none came');
  return frame;
}

/** The server comes to hold no connection, admitted or pending, within 2 s. @throws BrokenPromise */
export async function expectNothingHeld(scenario: Scenario): Promise<void> {
  if (await scenario.until(({ open, pending }) => open === 0 && pending === 0)) return;
  const { open, pending } = scenario.app.counters();
  throw new BrokenPromise('the server to hold no connection', `it holds ${open} open and ${pending} pending ones`);
}
