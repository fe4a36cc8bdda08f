import { defineStrategy, type Variant } from '../strategy.ts';
import { OpenDoorModule } from './_open-door.module.ts';

const NO_DOOR = 'It lets everyone in: it is the baseline of the measurements, and proves that the promises can fail';

const variant: Variant = {
  summary: 'The same gateways, guards and filter, and no check',
  supports: { credential: false, cookie: false, renewal: 'none', grant: false },
  deviations: {
    'no-credential': NO_DOOR,
    'preauth-inbound': NO_DOOR,
    'credential-type-fuzz': NO_DOOR,
    'sign-in-refused': NO_DOOR,
    'expired-at-handshake': NO_DOOR,
    'expiry-inbound': NO_DOOR,
    'expiry-outbound': NO_DOOR,
    'reconnect-after-revoke': NO_DOOR,
    'logout-this': NO_DOOR,
    'logout-everywhere': NO_DOOR,
    ban: NO_DOOR,
    'credential-change': NO_DOOR,
    'stale-roles': NO_DOOR,
    'revoke-during-handshake': NO_DOOR,
  },
};

export default defineStrategy({
  id: '_open-door',
  role: 'baseline',
  title: 'Open door',
  summary: 'Lets everyone in: what the gateways cost without authentication',
  httpLegs: [],
  variants: { 'as-published': variant, hardened: variant },
  module: (options) => OpenDoorModule.with(options),
  client: () => import('./client.ts'),
});
