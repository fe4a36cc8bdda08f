import type { RemoteFinding } from '../remote/run.ts';

/** What a report says of where it comes from. */
export interface Origin {
  readonly url: string;
  readonly namespace: string;
}

type Render = (findings: readonly RemoteFinding[], origin: Origin) => string;

const firstLine = (text = ''): string => text.split('\n', 1)[0]!;
const words = {
  pass: 'kept',
  fail: 'BROKEN',
  deviation: 'deviates',
  'not applicable': '-',
  unknown: 'not asked',
} as const;

/** For a terminal: the broken ones with what went over the wire. */
const table: Render = (findings, { url, namespace }) => {
  const lines = findings.map(
    ({ audit, outcome, reason }) =>
      `${words[outcome].padEnd(10)}${audit.id.padEnd(24)}${audit.promise}` +
      (outcome === 'unknown' ? ` (${firstLine(reason)})` : ''),
  );
  const broken = findings.filter(({ outcome }) => outcome === 'fail');
  const evidence = broken.flatMap(({ id, reason, evidence: wire = [] }) => [
    '',
    `${id}:`,
    `  ${reason?.replaceAll('\n', '\n  ')}`,
    ...wire.map((line) => `  ${line}`),
  ]);
  const asked = findings.filter(({ outcome }) => outcome !== 'unknown').length;
  return [
    `${url}${namespace}`,
    '',
    ...lines,
    ...evidence,
    '',
    `${asked - broken.length} of ${asked} promises kept, ${findings.length - asked} not asked`,
  ].join('\n');
};

const json: Render = (findings, { url, namespace }) =>
  JSON.stringify(
    {
      url,
      namespace,
      findings: findings.map(({ audit: { id, level, promise, source }, outcome, reason, evidence }) => ({
        id,
        level,
        promise,
        source,
        outcome,
        reason,
        evidence,
      })),
    },
    null,
    2,
  );

const escapeXml = (text: string): string =>
  // What XML 1.0 cannot hold at all is left out.
  Array.from(text)
    .filter((character) => /[\t\n\r]|[^\p{Cc}\p{Cs}]/u.test(character))
    .join('')
    .replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);

const junit: Render = (findings, { url, namespace }) => {
  const cases = findings.map(({ audit: { id, promise, level }, outcome, reason = '', evidence = [] }) => {
    const name = `<testcase classname="${level}" name="${escapeXml(`${id}: ${promise}`)}"`;
    if (outcome === 'pass') return `  ${name}/>`;
    const body = escapeXml([reason, ...evidence].join('\n'));
    const [tag, end] = outcome === 'fail' ? ['failure', body] : ['skipped', ''];
    return `  ${name}><${tag} message="${escapeXml(firstLine(reason))}">${end}</${tag}></testcase>`;
  });
  const count = (outcome: string) => findings.filter((finding) => finding.outcome === outcome).length;
  const totals = `tests="${findings.length}" failures="${count('fail')}" skipped="${count('unknown')}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuite name="${escapeXml(url + namespace)}" ${totals}>`,
    ...cases,
    '</testsuite>',
  ].join('\n');
};

const severities = { MUST: 'error', SHOULD: 'warning', MAY: 'note' } as const;

/** SARIF 2.1.0 (OASIS): one rule a promise, one result a broken one. */
const sarif: Render = (findings, { url, namespace }) =>
  JSON.stringify(
    {
      $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
      version: '2.1.0',
      runs: [
        {
          tool: {
            driver: {
              name: 'nest-ws-auth-lab',
              rules: findings.map(({ audit: { id, promise, level, source } }) => ({
                id,
                shortDescription: { text: promise },
                ...(source && { help: { text: source } }),
                defaultConfiguration: { level: severities[level] },
              })),
            },
          },
          results: findings
            .filter(({ outcome }) => outcome === 'fail')
            .map(({ audit: { id, level, promise }, reason = '', evidence = [] }) => ({
              ruleId: id,
              level: severities[level],
              message: { text: [promise, reason, ...evidence].join('\n') },
              locations: [{ logicalLocations: [{ fullyQualifiedName: `${url}${namespace}`, kind: 'resource' }] }],
            })),
        },
      ],
    },
    null,
    2,
  );

/** How the findings of somebody's server are told. */
export const formats = { table, json, junit, sarif } satisfies Record<string, Render>;
export type Format = keyof typeof formats;
