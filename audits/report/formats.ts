import type { RemoteFinding } from '../engine/remote-run.ts';
import { Secrets } from '../remote/secrets.ts';
import type { Target } from '../remote/target.ts';

/** What a report says of where it comes from. */
type Origin = Pick<Target, 'url' | 'namespace'>;

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

/**
 * The one way out of a report, whatever its format: known credentials are taken away from all that it is made of, and
 * what comes of that is looked through once more.
 * @throws LeakError where a part of one is left
 */
export const guarded =
  (render: Render) =>
  (
    findings: readonly RemoteFinding[],
    target: Origin & Partial<Target>,
    secrets: Secrets = Secrets.of(target),
  ): string => {
    const redact = (text: string): string => secrets.redact(text);
    const origin = { url: redact(target.url), namespace: redact(target.namespace) };
    const clean = mapped(findings, redact);
    const report = render(clean, origin);
    // What a report says whatever was found cannot give a credential away, though one may read like a word of it.
    const blank = render(mapped(clean, blanked), origin);
    secrets.requireNone(report, blank);
    return report;
  };

/** Reports differ only in what was seen of the server. */
const mapped = (findings: readonly RemoteFinding[], change: (text: string) => string): RemoteFinding[] =>
  findings.map(({ reason, evidence, ...finding }) => ({
    ...finding,
    ...(reason !== undefined && { reason: change(reason) }),
    ...(evidence !== undefined && { evidence: evidence.map(change) }),
  }));

/** As many lines, with nothing on them. */
const blanked = (text: string): string => text.replace(/.+/g, '');

/** How the findings of somebody's server are told. */
export const formats = {
  table: guarded(table),
  json: guarded(json),
  junit: guarded(junit),
  sarif: guarded(sarif),
};
export type Format = keyof typeof formats;
