import { type AnyFindingId, pageOf, textOf } from '../../remote/verdict/findings.ts';
import type { Place, ServerReport, Severity } from '../../remote/verdict/report.ts';
import { nameOf, placeOf } from './words.ts';

const levels: Readonly<Record<Severity, string>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
};

/** The number from 0 to 10 by which GitHub's code scanning sorts. */
const scores: Readonly<Record<Severity, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '3.0',
  info: '1.0',
};

/** SARIF 2.1.0 (OASIS): a result for each finding, and its rule. */
export function sarif(report: ServerReport): string {
  const { findings, file } = report;
  const name = nameOf(report);
  return JSON.stringify(
    {
      $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: 'nest-ws-auth-lab', rules: [...new Set(findings.map(({ id }) => id))].map(ruleOf) } },
          results: findings.map(({ id, severity, seen, evidence, fingerprint, accepted, places = [] }) => ({
            ruleId: id,
            level: levels[severity],
            message: { text: [seen, textOf(id).mend, ...places.map(lineOf), ...evidence].join('\n') },
            locations: [
              { ...physicalOf(places[0], file), logicalLocations: [{ fullyQualifiedName: name, kind: 'resource' }] },
            ],
            ...(places.length > 1 && {
              relatedLocations: places
                .slice(1)
                .map((place) => ({ ...physicalOf(place), message: { text: place.seen } })),
            }),
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

const lineOf = (place: Place): string => `${placeOf(place)} ${place.seen}`;

/** Code scanning shows nothing without a file: that of the source, or else the one that describes the server. */
function physicalOf(place: Place | undefined, file?: string) {
  if (place === undefined && file === undefined) return {};
  const region = place === undefined ? { startLine: 1 } : { startLine: place.line, startColumn: place.column };
  return { physicalLocation: { artifactLocation: { uri: encodeURI(place?.file ?? file!) }, region } };
}

function ruleOf(id: AnyFindingId) {
  const { title, attacker, mend, help, source } = textOf(id);
  return {
    id,
    shortDescription: { text: title },
    fullDescription: { text: attacker },
    helpUri: help,
    help: { text: `${mend} (${source}; ${pageOf(id)})`, markdown: `${mend}\n\n${source}. More: \`${pageOf(id)}\`.` },
  };
}
