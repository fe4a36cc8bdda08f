import { type FindingId, pageOf, textOf } from '../../remote/verdict/findings.ts';
import type { ServerReport, Severity } from '../../remote/verdict/report.ts';

const levels: Readonly<Record<Severity, string>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
};

/** As code scanning sorts by, from 0 to 10. */
const scores: Readonly<Record<Severity, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '3.0',
  info: '1.0',
};

/** SARIF 2.1.0 (OASIS): a result for each finding, and its rule. */
export function sarif({ url, namespace, findings, file }: ServerReport): string {
  const name = `${url}${namespace}`;
  return JSON.stringify(
    {
      $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: 'nest-ws-auth-lab', rules: [...new Set(findings.map(({ id }) => id))].map(ruleOf) } },
          results: findings.map(({ id, severity, seen, evidence, fingerprint, accepted }) => ({
            ruleId: id,
            level: levels[severity],
            message: { text: [seen, textOf(id).mend, ...evidence].join('\n') },
            locations: [
              {
                // Code scanning shows nothing without a file: the one that describes the server.
                ...(file !== undefined && {
                  physicalLocation: { artifactLocation: { uri: file }, region: { startLine: 1 } },
                }),
                logicalLocations: [{ fullyQualifiedName: name, kind: 'resource' }],
              },
            ],
            partialFingerprints: { 'wsAudit/v1': fingerprint },
            properties: { severity, 'security-severity': scores[severity] },
            ...(accepted !== undefined && { suppressions: [{ kind: 'external', justification: accepted }] }),
          })),
        },
      ],
    },
    null,
    2,
  );
}

function ruleOf(id: FindingId) {
  const { title, attacker, mend, help, source } = textOf(id);
  return {
    id,
    shortDescription: { text: title },
    fullDescription: { text: attacker },
    helpUri: help,
    help: { text: `${mend} (${source}; ${pageOf(id)})`, markdown: `${mend}\n\n${source}. More: \`${pageOf(id)}\`.` },
  };
}
