import { Connections } from '../../gateways/connections/connections.ts';
import { TokenService } from '../../strategies/shared/tokens/token-service.ts';
import {
  part,
  renewing,
  revoking,
  authenticatorOf,
  believing,
  signedByServer,
  admitting,
  deaf,
  without,
  living,
  FOR_EVER,
  token,
} from './shared/faults.ts';
import type { Mutant } from '../engine/mutant.ts';

const mutants: readonly Mutant[] = [
  {
    ...token,
    fault: 'the expiry is not read',
    breaks: 'expired-at-handshake',
    sabotage(scenario, options) {
      believing((given, _, of) => signedByServer(given, of))(scenario, options);
      without('cutAt')(scenario);
    },
    options: (given) => ({ secret: 'x'.repeat(40), ...given }),
  },
  { ...token, fault: 'nothing ends at expiry', breaks: 'expiry-inbound', sabotage: without('cutAt') },
  { ...renewing, fault: 'listeners are forgotten', breaks: 'expiry-outbound', sabotage: without('cutAt', 'promptAt') },
  {
    ...token,
    fault: 'an hour more or less is no matter',
    breaks: 'clock-skew',
    sabotage(scenario, options) {
      believing((given, _, of) => signedByServer(given, of))(scenario, options);
      admitting((admitted) => ({ ...admitted, ...(admitted.cutAt && { cutAt: admitted.cutAt + 3_600_000 }) }))(
        scenario,
      );
    },
    options: (given) => ({ secret: 'x'.repeat(40), ...given }),
  },
  {
    ...token,
    fault: 'the cut is a timer of its own',
    breaks: 'timer-bounds',
    sabotage: (scenario) =>
      admitting((admitted) => {
        const { subject } = admitted.principal;
        const ms = (admitted.cutAt ?? 0) - Date.now();
        // As setTimeout does with what does not fit into 31 bits.
        setTimeout(
          () => part(scenario, Connections).revoke({ code: 'expired', subject }),
          ms > 2 ** 31 - 1 ? 1 : ms,
        ).unref();
        return admitted;
      })(scenario),
  },
  {
    ...renewing,
    fault: 'every renewal begins a new life',
    breaks: 'absolute-lifetime',
    options: living({ absolute: FOR_EVER }),
  },
  {
    ...renewing,
    fault: 'a refresh token serves for ever',
    breaks: 'refresh-single-use',
    options: living({ reuseGrace: FOR_EVER }),
  },
  {
    ...renewing,
    fault: 'reuse is noticed and nothing follows',
    breaks: 'reuse-kills-live-sockets',
    sabotage: deaf('token-reused'),
  },
  {
    ...renewing,
    fault: 'a renewal carries an epoch of its own, by the clock of its node, and the store takes it for its newest',
    breaks: 'renewal-outruns-revocation',
    sabotage(scenario) {
      const { issuer, revocations } = part(scenario, TokenService);
      const issue = issuer.issue.bind(issuer);
      const check = revocations.check.bind(revocations);
      issuer.issue = (kind, claims) => issue(kind, { ...claims, epoch: claims.issuedAt * 1000 });
      revocations.check = async ({ epoch = 0, ...rest }) =>
        check({ ...rest, epoch: Math.min(epoch, await revocations.epoch()) });
    },
  },
  {
    ...token,
    fault: 'a ban compares times',
    breaks: 'clock-step-back',
    sabotage(scenario) {
      const started = scenario.clock.now();
      revoking((revocation) => (scenario.clock.now() >= started ? revocation : undefined))(scenario);
    },
  },
  {
    ...renewing,
    fault: 'a ban ends earlier sign-ins, but allows new ones',
    breaks: 'ban-outruns-directory',
    sabotage(scenario) {
      const { revocations } = part(scenario, TokenService);
      const publish = revocations.publish.bind(revocations);
      revocations.publish = (revocation, until) => publish(revocation, until);
    },
  },
  {
    ...renewing,
    fault: "another user's token renews too",
    breaks: 'refresh-identity-swap',
    sabotage(scenario) {
      const authenticator = authenticatorOf(scenario);
      authenticator.renew = async ({ admitted }) => ({ ...admitted, issued: {} });
    },
  },
  {
    ...renewing,
    fault: 'the bad token is sent back',
    breaks: 'refresh-error-acks',
    sabotage(scenario) {
      const authenticator = authenticatorOf(scenario);
      authenticator.renew = async ({ admitted }, credential) => ({ ...admitted, issued: { rejected: credential } });
    },
  },
];

export default mutants;
