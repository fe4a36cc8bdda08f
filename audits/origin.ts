import { expect } from 'expect';
import { refusalOf } from '../harness/scenario.ts';
import { type Audit, audit } from './audit.ts';

const ORIGIN = 'https://app.example';
const lookAlikes = [
  'null', 'file://', 'https://app.example.evil.example', 'https://notapp.example', 'https://app.example:8443',
  'http://app.example', 'https://app.example/', 'HTTPS://APP.EXAMPLE', new URL('https://\u0430pp.example').origin,
  'https://app.example, https://app.example', 'https://evil.example/https://app.example',
]; // prettier-ignore

export const origin: Audit[] = [
  audit(
    'origin-reject',
    'MUST refuse a foreign origin, whatever credential comes with it',
    { source: 'ASVS 4.4.2, RFC 6455 10.2' },
    async ({ start }) => {
      const scenario = await start({ origins: [ORIGIN] });
      const { auth, extraHeaders } = (await scenario.signedIn(await scenario.user())).connectOptions();
      const from = (given: string) =>
        refusalOf(scenario.connectWith({ ...(auth && { auth }), extraHeaders: { ...extraHeaders, origin: given } }));
      expect(await from('https://evil.example')).toBeDefined();
      expect(scenario.app.counters().accepted).toBe(0);
      expect(await from(ORIGIN)).toBeUndefined();
    },
  ),
  audit(
    'origin-bypass-set',
    'MUST compare an origin whole: no prefix, suffix, port, case or look-alike of an allowed one passes',
    { source: 'ASVS 4.4.2, RFC 6455 10.2' },
    async ({ start }) => {
      const scenario = await start({ origins: [ORIGIN] });
      const { auth, extraHeaders } = (await scenario.signedIn(await scenario.user())).connectOptions();
      for (const one of lookAlikes) {
        const presented = { ...(auth && { auth }), extraHeaders: { ...extraHeaders, origin: one } };
        expect(await refusalOf(scenario.connectWith(presented))).toBeDefined();
      }
      expect(scenario.app.counters().accepted).toBe(0);
    },
  ),
];
