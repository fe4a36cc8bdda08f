import type { Secrets } from '../../remote/secrets.ts';
import type { ServerReport } from '../../remote/verdict/report.ts';
import { html } from './html.ts';
import { junit } from './junit.ts';
import { sarif } from './sarif.ts';
import { table } from './table.ts';

export type Render = (report: ServerReport) => string;

/**
 * The one way out of a report, whatever its format: known credentials are taken away from all that it is made of, and
 * what comes of that is looked through once more.
 *
 * @throws LeakError where a part of one is left
 */
export const guarded =
  (render: Render) =>
  (report: ServerReport, secrets: Secrets): string => {
    const clean = mapped(report, (text) => secrets.redact(text));
    const text = render(clean);
    // The fixed words of a report cannot give a credential away, though a credential may be equal to one of them.
    secrets.requireNone(text, render(mapped(clean, blanked)));
    return text;
  };

/** Reports differ only in what was seen of the server. */
const mapped = (report: ServerReport, change: (text: string) => string): ServerReport => ({
  ...report,
  control: change(report.control),
  ...(report.stopped !== undefined && { stopped: change(report.stopped) }),
  ...(report.source !== undefined && {
    source: { ...report.source, folder: change(report.source.folder), unread: report.source.unread.map(change) },
  }),
  checks: report.checks.map((check) => ({ ...check, note: change(check.note) })),
  findings: report.findings.map((finding) => ({
    ...finding,
    seen: change(finding.seen),
    evidence: finding.evidence.map(change),
    ...(finding.places !== undefined && {
      places: finding.places.map((place) => ({ ...place, file: change(place.file), seen: change(place.seen) })),
    }),
  })),
});

/** The same number of lines, all empty. */
const blanked = (text: string): string => text.replace(/.+/g, '');

/** How a report of a server is told. */
export const formats = {
  table: guarded(table),
  json: guarded((report) => JSON.stringify(report, null, 2)),
  junit: guarded(junit),
  sarif: guarded(sarif),
  html: guarded(html),
};
export type Format = keyof typeof formats;
