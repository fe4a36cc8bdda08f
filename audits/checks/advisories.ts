/** When this table was last held against what is published (GitHub's advisory database), and how long that may serve. */
export const checkedOn = '2026-11-26';
const LONGEST_DAYS = 90;

export interface Advisory {
  readonly id: string;
  /** The versions that have the fault: one range for each line of releases that was mended by itself. */
  readonly affected: readonly string[];
}

/** Published faults of what the kit loads and of what that loads, by package; the newest first. */
export const advisories: Readonly<Record<string, readonly Advisory[]>> = {
  ws: [
    // 8.21.0 and its like did not count empty fragments: the release after each completed the mend.
    { id: 'GHSA-96hv-2xvq-fx4p', affected: ['>=1.1.0 <5.2.6', '>=6.0.0 <6.2.5', '>=7.0.0 <7.5.12', '>=8.0.0 <8.21.1'] },
    { id: 'GHSA-58qx-3vcg-4xpx', affected: ['>=8.0.0 <8.20.1'] },
    { id: 'GHSA-3h5v-q93c-6h6q', affected: ['>=2.1.0 <5.2.4', '>=6.0.0 <6.2.3', '>=7.0.0 <7.5.10', '>=8.0.0 <8.17.1'] },
    { id: 'GHSA-6fc8-4gx4-v693', affected: ['>=5.0.0 <5.2.3', '>=6.0.0 <6.2.2', '>=7.0.0 <7.4.6'] },
  ],
  'socket.io': [
    { id: 'GHSA-25hc-qcg6-38wj', affected: ['<2.5.1', '>=3.0.0 <4.6.2'] },
    { id: 'GHSA-fxwf-4rqh-v8g3', affected: ['<2.4.0'] },
  ],
  'socket.io-parser': [
    { id: 'GHSA-2m8v-j782-fhvr', affected: ['<3.3.6', '>=3.4.0 <3.4.5', '>=4.0.0 <4.2.7'] },
    { id: 'GHSA-677m-j7p3-52f9', affected: ['<3.3.5', '>=3.4.0 <3.4.4', '>=4.0.0 <4.2.6'] },
    { id: 'GHSA-cqmj-92xf-r6r9', affected: ['>=3.4.0 <3.4.3', '>=4.0.4 <4.2.3'] },
    { id: 'GHSA-qm95-pgcg-qqfq', affected: ['<3.3.3', '>=3.4.0 <3.4.2', '>=4.0.0 <4.0.5', '>=4.1.0 <4.2.1'] },
    { id: 'GHSA-xfhh-g9f5-x4m4', affected: ['<3.3.2', '>=3.4.0 <3.4.1'] },
  ],
  'engine.io': [
    { id: 'GHSA-2gc4-cqfq-p2gv', affected: ['>=6.6.0 <6.6.10'] },
    { id: 'GHSA-r635-g3xr-vw7x', affected: ['>=4.0.0 <6.6.7'] },
    { id: 'GHSA-gr94-w7qr-f4j3', affected: ['>=6.5.0 <6.6.7'] },
    { id: 'GHSA-q9mw-68c2-j6m5', affected: ['>=5.1.0 <6.4.2'] },
    { id: 'GHSA-r7qp-cfhv-p84w', affected: ['<3.6.1', '>=4.0.0 <6.2.1'] },
    { id: 'GHSA-273r-mgr4-v34f', affected: ['>=4.0.0 <4.1.2', '>=5.0.0 <5.2.1', '>=6.0.0 <6.1.1'] },
    { id: 'GHSA-j4f2-536g-r55m', affected: ['<3.6.0'] },
  ],
  'xmlhttprequest-ssl': [{ id: 'GHSA-72mh-269x-7mh5', affected: ['<1.6.1'] }],
  cookie: [{ id: 'GHSA-pxg6-pf52-xh8x', affected: ['<0.7.0'] }],
  express: [
    { id: 'GHSA-qw6h-vgh9-j6wx', affected: ['<4.20.0', '>=5.0.0-alpha.1 <5.0.0'] },
    { id: 'GHSA-rv95-896h-c2vc', affected: ['<4.19.2', '>=5.0.0-alpha.1 <5.0.0-beta.3'] },
  ],
  'body-parser': [
    { id: 'GHSA-v422-hmwv-36x6', affected: ['<1.20.6', '>=2.0.0 <2.3.0'] },
    { id: 'GHSA-wqch-xfxh-vrr4', affected: ['>=2.2.0 <2.2.1'] },
    { id: 'GHSA-qwcr-r2fm-qrc7', affected: ['<1.20.3'] },
  ],
  qs: [
    { id: 'GHSA-x5fp-wj9c-mxmx', affected: ['>=6.14.2 <6.16.0'] },
    { id: 'GHSA-w7fw-mjwx-w883', affected: ['>=6.7.0 <6.14.2'] },
    { id: 'GHSA-6rw7-vpxm-498p', affected: ['<6.14.1'] },
  ],
  'path-to-regexp': [
    { id: 'GHSA-j3q9-mxjg-w52f', affected: ['>=8.0.0 <8.4.0'] },
    { id: 'GHSA-27v5-c462-wpq7', affected: ['>=8.0.0 <8.4.0'] },
    { id: 'GHSA-rhx6-c78j-4q9w', affected: ['<0.1.12'] },
    { id: 'GHSA-9wv6-86v2-598j', affected: ['<0.1.10', '>=0.2.0 <1.9.0', '>=2.0.0 <3.3.0', '>=4.0.0 <6.3.0', '>=7.0.0 <8.0.0'] },
  ],
  'on-headers': [{ id: 'GHSA-76c9-3jph-rj3q', affected: ['<1.1.0'] }],
  send: [{ id: 'GHSA-m6fv-jmcg-4jfg', affected: ['<0.19.0'] }],
  'serve-static': [{ id: 'GHSA-cm22-4g7w-348p', affected: ['<1.16.0', '>=2.0.0 <2.1.0'] }],
  debug: [
    // A release that was taken over, and not a fault that was mended.
    { id: 'GHSA-8mgj-vmr8-frr6', affected: ['>=4.4.2 <4.4.3'] },
    { id: 'GHSA-gxpj-cx7g-858c', affected: ['<2.6.9', '>=3.0.0 <3.1.0'] },
  ],
  multer: [
    { id: 'GHSA-wc9g-mqfw-jrwm', affected: ['<2.3.0'] },
    { id: 'GHSA-535w-7cp7-47q4', affected: ['<2.3.0'] },
    { id: 'GHSA-qfvm-cv95-jqjf', affected: ['>=2.2.0 <2.3.0'] },
    { id: 'GHSA-72gw-mp4g-v24j', affected: ['>=1.0.0 <2.2.0'] },
    { id: 'GHSA-3p4h-7m6x-2hcm', affected: ['<2.2.0'] },
    { id: 'GHSA-5528-5vmv-3xc2', affected: ['<2.1.1'] },
    { id: 'GHSA-v52c-386h-88mc', affected: ['<2.1.0'] },
    { id: 'GHSA-xf7r-hgr6-v32p', affected: ['<2.1.0'] },
    { id: 'GHSA-fjgf-rc76-4x9p', affected: ['>=1.4.4-lts.1 <2.0.2'] },
    { id: 'GHSA-g5hg-p3ph-g8qg', affected: ['>=1.4.4-lts.1 <2.0.1'] },
    { id: 'GHSA-44fp-w29j-9vj5', affected: ['<2.0.0'] },
    { id: 'GHSA-4pg4-qvpc-4q3h', affected: ['>=1.4.4-lts.1 <2.0.0'] },
  ],
  'file-type': [
    { id: 'GHSA-j47w-4g3g-c36v', affected: ['>=20.0.0 <21.3.2'] },
    { id: 'GHSA-5v7r-6r5c-r473', affected: ['>=13.0.0 <21.3.1'] },
    { id: 'GHSA-mhxj-85r3-2x55', affected: ['<16.5.4', '>=17.0.0 <17.1.3'] },
  ],
  '@nestjs/core': [
    { id: 'GHSA-36xv-jgw5-4q75', affected: ['<11.1.18', '>=12.0.0-alpha.0 <12.0.0-alpha.3'] },
    { id: 'GHSA-4jpv-8r57-pv7j', affected: ['<9.0.5'] },
  ],
  '@nestjs/common': [{ id: 'GHSA-cj7v-w2c7-cp7c', affected: ['<10.4.16', '>=11.0.0 <11.0.16'] }],
  jose: [
    { id: 'GHSA-hhhv-q57g-882q', affected: ['<2.0.7', '>=3.0.0 <4.15.5'] },
    { id: 'GHSA-jv3g-j58f-9mq9', affected: ['>=1.0.0 <1.28.2', '>=2.0.0 <2.0.6', '>=3.0.0 <3.20.4', '>=4.0.0 <4.9.2'] },
  ],
  redis: [{ id: 'GHSA-35q2-47q7-3pc3', affected: ['>=2.6.0 <3.1.1'] }],
}; // prettier-ignore

/** Returns a warning for the report if the table was older than 90 days at `time`, otherwise undefined. */
export function staleAt(time: Date, checked = checkedOn): string | undefined {
  const days = Math.floor((time.getTime() - Date.parse(checked)) / 86_400_000);
  if (days <= LONGEST_DAYS) return undefined;
  return (
    `SHOULD: the advisories of \`known-cves\` were checked on ${checked}, ${days} days before this run (at most ${LONGEST_DAYS}). ` +
    `Update \`advisories\` and \`checkedOn\` in audits/checks/advisories.ts`
  );
}
