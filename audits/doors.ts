import { expect } from 'expect';
import { connectFrame, type RawTransport } from '../harness/raw-transport.ts';
import { refusalOf, type Scenario, say } from '../harness/scenario.ts';
import { Authenticator } from '../strategies/strategy.ts';

/** A transport of a user of its own that is admitted to the chat, and whatever it presented. */
export async function admit(scenario: Scenario): Promise<RawTransport> {
  const presented = (await scenario.signedIn(await scenario.user())).connectOptions();
  const transport = await scenario.raw(presented);
  transport.send(connectFrame('/chat', presented.auth));
  expect(await transport.frame(/^40/)).toBeDefined();
  return transport;
}

/** Whether the server still serves someone else. */
export async function lives(scenario: Scenario): Promise<boolean> {
  const socket = await scenario.connect(await scenario.signedIn(await scenario.user()));
  return (await refusalOf(say(socket))) === undefined;
}

/** Holds every decision up until it is settled; `asked` once there is one to be made. */
export function heldUp(scenario: Scenario): { readonly asked: Promise<void>; settle(): void } {
  const authenticator = scenario.app.app.get<Authenticator>(Authenticator, { strict: false });
  const authenticate = authenticator.authenticate.bind(authenticator);
  let [ask, settle] = [() => {}, () => {}];
  const asked = new Promise<void>((resolve) => (ask = resolve));
  const settled = new Promise<void>((resolve) => (settle = resolve));
  authenticator.authenticate = async (handshake) => {
    ask();
    await settled;
    return authenticate(handshake);
  };
  return { asked, settle: () => settle() };
}
