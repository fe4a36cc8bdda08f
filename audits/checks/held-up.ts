import type { Scenario } from '../../harness/app/scenario.ts';
import { Authenticator } from '../../strategies/strategy.ts';

/** Holds every decision up until `settle` is called; `asked` resolves once there is one to be made. */
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
