import { type ResolvedOptions, WS_AUTH_OPTIONS } from '../../gateways/options/options.ts';
import { type Scenario, refusalOf } from '../../harness/app/scenario.ts';
import { endsBoth } from '../checks/ends-both.ts';
import { expectRefusal } from '../checks/expectations.ts';
import { audit, topic, withoutRefreshTokens } from '../engine/audit.ts';

const storesOf = ({ app }: Scenario) => app.app.get<ResolvedOptions>(WS_AUTH_OPTIONS, { strict: false }).stores;

/** Revocations that something overtakes: a renewal, a sign-in on another node, the clock. */
export default topic('Revocation', [
  audit('clock-step-back', 'MUST end the connections of a banned user after the clock was set back', {
    source: 'ASVS 7.4.2',
    inside: async ({ start }) => {
      const scenario = await start();
      await endsBoth(scenario, (_, subject) => {
        scenario.clock.advance(-5 * 60_000);
        scenario.app.directory.setBanned(subject, true);
      });
    },
  }),
  audit(
    'renewal-outruns-revocation',
    'MUST end a sign-in that is renewed while its revocation is on the way to the store',
    {
      source: 'ASVS 7.4.1',
      notFor: withoutRefreshTokens,
      inside: async ({ start }) => {
        const scenario = await start();
        const user = await scenario.user();
        const [owner, thief] = [await scenario.signedIn(user), await scenario.signedIn(user)];
        const { revocations } = storesOf(scenario);
        const publish = revocations.publish.bind(revocations);
        let arrive = (): void => {};
        const onTheWay = new Promise<void>((resolve) => (arrive = resolve));
        revocations.publish = async (...given) => {
          await onTheWay;
          return publish(...given);
        };
        const leaving = owner.signOut({ everywhere: true });
        for (let round = 0; round < 3; round++) {
          scenario.clock.advance(1000);
          await refusalOf(thief.renew());
        }
        arrive();
        await leaving;
        await expectRefusal(scenario.connectAsThief(thief));
        await expectRefusal(thief.renew());
      },
    },
  ),
  audit('ban-outruns-directory', 'MUST refuse a banned user on a node whose directory does not know of the ban yet', {
    source: 'ASVS 7.4.2',
    inside: async ({ start }) => {
      const scenario = await start();
      const { directory } = scenario.app;
      const user = await scenario.user();
      const client = await scenario.signedIn(user);
      const before = directory.find(user.subject);
      const verifyPassword = directory.verifyPassword.bind(directory);
      directory.setBanned(user.subject, true);
      directory.find = () => before;
      directory.verifyPassword = async (...given) => (await verifyPassword(...given)) && before;
      await expectRefusal(scenario.connectAsThief(client));
      await expectRefusal(scenario.signedIn(user));
    },
  }),
]);
