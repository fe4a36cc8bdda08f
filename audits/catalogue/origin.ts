import { expectNone, expectRefusal, expectSuccess } from '../checks/expectations.ts';
import { audit, topic } from '../engine/audit.ts';
import { expectRefused } from '../remote/expectations.ts';
import { withoutCredential } from '../remote/needs.ts';

/** Without TLS, as the sign-ins here: a cookie of a page with TLS has another name, and would be refused for that. */
const ORIGIN = 'http://app.example';
const lookAlikes = [
  'null', 'file://', 'http://app.example.evil.example', 'http://notapp.example', 'http://app.example:8443',
  'https://app.example', 'http://app.example/', 'HTTP://APP.EXAMPLE', new URL('http://\u0430pp.example').origin,
  'http://app.example, http://app.example', 'http://evil.example/http://app.example',
]; // prettier-ignore

export default topic('Handshake', [
  audit('origin-reject', 'MUST refuse a foreign origin, whatever credential comes with it', {
    source: 'ASVS 4.4.2, RFC 6455 10.2',
    inside: async ({ start }) => {
      const scenario = await start({ origins: [ORIGIN] });
      const { auth, extraHeaders } = (await scenario.signedIn(await scenario.user())).connectOptions();
      const from = (given: string) =>
        scenario.connectWith({ ...(auth && { auth }), extraHeaders: { ...extraHeaders, origin: given } });
      for (const foreign of ['https://evil.example', 'http://evil.example']) await expectRefusal(from(foreign));
      expectNone('accepted connections', scenario.app.counters().accepted);
      await expectSuccess(from(ORIGIN));
    },
    remote: {
      missing: withoutCredential,
      async run(probe) {
        const headers = { origin: 'https://evil.example' };
        const refused = { admitted: false };
        const connected = await probe.connect(await probe.credential(), { headers }).catch(() => refused);
        expectRefused(connected, 'a foreign origin');
      },
    },
  }),
  audit(
    'origin-bypass-set',
    'MUST compare an origin whole: no prefix, suffix, port, case or look-alike of an allowed one passes',
    {
      source: 'ASVS 4.4.2, RFC 6455 10.2',
      inside: async ({ start }) => {
        const scenario = await start({ origins: [ORIGIN] });
        const { auth, extraHeaders } = (await scenario.signedIn(await scenario.user())).connectOptions();
        for (const one of lookAlikes) {
          const presented = { ...(auth && { auth }), extraHeaders: { ...extraHeaders, origin: one } };
          await expectRefusal(scenario.connectWith(presented));
        }
        expectNone('accepted connections', scenario.app.counters().accepted);
      },
    },
  ),
]);
