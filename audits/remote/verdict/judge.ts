import { createHash } from 'node:crypto';
import type { Description } from '../description/schema.ts';
import type { Facts } from '../run/facts.ts';
import type { Line } from '../wire/client.ts';
import type { Cause } from './cause.ts';
import { causesOf } from './causes.ts';
import { checksOf } from './checks.ts';
import { replay } from './replay.ts';
import { reproduction } from './reproduce.ts';
import { type ServerFinding, type ServerReport, severities } from './report.ts';

/** The longest line of evidence, in characters. */
const LONGEST = 200;
/** Lines of evidence that are shown. */
const FIRST = 14;
const LAST = 6;

export interface JudgeOptions {
  readonly seconds: number;
  /** Takes credentials away from a text. */
  readonly redact: (text: string) => string;
}

/** Computes the report of a run from what it saw. */
export function judge(facts: Facts, description: Description, { seconds, redact }: JudgeOptions): ServerReport {
  const { url, namespace, platform } = description;
  return {
    url,
    namespace,
    platform,
    transport: facts.transport,
    control: controlText(facts, description),
    checks: checksOf(facts).map((check) => ({ ...check, note: redact(check.note) })),
    findings: causesOf(facts)
      .toSorted((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity))
      .map((cause) => findingOf(cause, description, facts, redact)),
    ...stoppedOf(facts, redact),
    seconds,
  };
}

function stoppedOf({ death, stopped, atEnd }: Facts, redact: (text: string) => string): { stopped?: string } {
  const why =
    death === undefined
      ? (stopped ?? (atEnd && `The valid client was not served at the end: ${atEnd}`))
      : 'The server ended, so the rest was not asked.';
  return why === undefined ? {} : { stopped: redact(why) };
}

/** The abilities of the valid client, in words. Everything else is compared with them. */
function controlText(
  { control: { credential, sample, broadcasts, isPushed, answerMs }, transport }: Facts,
  { event }: Description,
): string {
  const who = credential === undefined ? 'A client without a credential' : 'The valid credential';
  const parts = [`${who} was admitted over ${transport}`];
  if (event !== undefined && sample !== undefined) {
    const { answer } = sample;
    if (answer === 'none') parts.push(`its event ${event.event} was not refused`);
    const by =
      typeof answer === 'string'
        ? 'by an ack'
        : 'event' in answer
          ? `by the event ${answer.event}`
          : `by the broadcast ${answer.broadcast}`;
    if (answer !== 'none') parts.push(`its event ${event.event} was answered ${by} in ${answerMs} ms`);
  }
  const names = [...broadcasts].join(', ');
  if (names !== '') parts.push(`a valid listener received ${names}${isPushed ? ' (pushed)' : ''}`);
  return `${parts.join('; ')}.`;
}

function findingOf(
  { by, lines, ...cause }: Cause,
  description: Description,
  { transport, control: { credential } }: Facts,
  redact: (text: string) => string,
): ServerFinding {
  const places = credential?.places ?? [];
  const { namespace, path = '', event } = description;
  const place = [cause.id, description.platform, path, namespace, event?.event ?? ''].join('\n');
  return {
    id: cause.id,
    severity: cause.severity,
    seen: redact(cause.seen),
    checks: cause.checks,
    evidence: shortened(lines.map((line) => lineText(line, redact))),
    reproduce: by.replay
      ? replay(
          lines.map(({ text }) => redact(text)),
          description.url,
        )
      : reproduction(description, by, transport, places),
    fingerprint: createHash('sha256').update(place).digest('hex').slice(0, 32),
  };
}

/** The beginning and the end of a long conversation. */
function shortened(lines: readonly string[]): readonly string[] {
  const left = lines.length - FIRST - LAST;
  return left <= 1 ? lines : [...lines.slice(0, FIRST), `… ${left} frames …`, ...lines.slice(-LAST)];
}

function lineText({ at, text }: Line, redact: (text: string) => string): string {
  const clean = redact(text);
  const cut = clean.length > LONGEST ? `${clean.slice(0, LONGEST)}…` : clean;
  return `${String(at).padStart(6)} ms ${cut}`;
}
