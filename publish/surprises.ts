import type { Run } from '../bench/model/run-file.ts';
import { costText } from '../bench/report/consequence-text.ts';
import { changeText, figure } from '../bench/report/format.ts';
import { rowsOf, SATURATED } from '../bench/report/rows.ts';
import { verifyTimeOf } from '../bench/report/verify-time.ts';
import { flagsOf } from '../bench/suites/runtime/configurations.ts';
import { factsOf } from '../bench/suites/runtime/facts.ts';
import type { ClaimsRecord } from '../claims/record.ts';

/** The recorded files that findings are computed from. A finding without its figures is left out. */
export interface Found {
  readonly run: Run;
  /** Runs of single suites. */
  readonly others?: readonly Run[];
  readonly claims?: ClaimsRecord | undefined;
}

/** Findings that few readers expect, each with its figure and the code that follows from it; a Markdown list. */
export const surprises = (found: Found): string =>
  [stringSecret(found.run), ...[found.run, ...(found.others ?? [])].map(defaultHeap), ...demonstrated(found)]
    .filter((finding) => finding !== undefined)
    .map((finding) => `- ${finding}`)
    .join('\n');

/** How `jsonwebtoken` is named in a run where it is given a string, and where it is given a KeyObject. */
const [STRING, KEY_OBJECT] = ['jsonwebtoken, secret as a string', 'jsonwebtoken'];

function stringSecret(run: Run): string | undefined {
  const [string, keyObject] = [STRING, KEY_OBJECT].map((library) => verifyTimeOf(run, library)?.median);
  if (string === undefined || keyObject === undefined || string < 2 * keyObject) return undefined;
  const slowed = rowsOf(run, 'parse-cost')
    .filter(({ strategy, kind }) => run.entries[strategy]?.verifies?.[kind] === STRING)
    .map((row) => `\`${row.strategy}\` ${costText(run, row.cell('server-cpu-per-message', SATURATED))}`);
  const effect = slowed.length === 0 ? '' : ` CPU per message, compared with no authentication: ${slowed.join(', ')}.`;
  return `**A secret that is a string makes \`jsonwebtoken\` slow**: ${figure(string)} us per verification instead of ${figure(keyObject)} us.${effect} Pass a key: \`createSecretKey(Buffer.from(secret))\`.`;
}

/** Describes what V8 does under the defaults of the first Node where that is shown to cost CPU. */
function defaultHeap(run: Run): string | undefined {
  for (const { node, advice, smallCost, pretenuringCost } of factsOf(run)) {
    if (advice === undefined || advice.semiSpace === 'default') continue;
    const costs = [
      ['starts with a small young generation', smallCost],
      ['allocates surviving kinds of objects in the old generation', pretenuringCost],
    ] as const;
    const [dear] = costs
      .flatMap(([what, cost]) => (cost !== undefined && cost.low > 1 ? [{ what, cost }] : []))
      .toSorted((a, b) => b.cost.estimate - a.cost.estimate);
    if (dear === undefined) continue;
    const flags = flagsOf(advice.semiSpace).join(' ');
    return `**In some servers, V8 ${dear.what}** (Node ${node}, defaults). A message then costs ${changeText(dear.cost.estimate)} of CPU. Start with \`node ${flags}\`.`;
  }
  return undefined;
}

function demonstrated({ claims }: Found): (string | undefined)[] {
  const platforms = claims?.platforms ?? [];
  const seenBy = (demonstration: string, name: string, isFound: (value: unknown) => boolean) =>
    platforms.filter(({ seen }) => isFound(seen[demonstration]?.[name]));
  const early = seenBy('disconnect-in-base', 'handledAsync', (value) => Number(value) > 0);
  const ending = seenBy('throwing-process', 'endsAsync', (value) => value === true);
  const nest = (of: readonly { nest: string }[]) => `Nest ${of.map((one) => one.nest).join(' and ')}`;
  return [
    early.length === 0
      ? undefined
      : `**Messages are handled before an asynchronous \`handleConnection\` has decided**: ${String(early[0]!.seen['disconnect-in-base']!['handledAsync'])} messages of a client that was then disconnected (${nest(early)}). Decide before the connection is accepted: \`server.use((socket, next) => verify(socket).then(() => next(), next))\`, or in an adapter.`,
    ending.length === 0
      ? undefined
      : `**An exception in \`handleConnection\` ends the process** (${nest(ending)}). Refuse with \`next(new Error('unauthorized'))\` in \`server.use\`, and throw nothing in the hook.`,
  ];
}
