import type { Run } from '../model/run-file.ts';
import { ofNodes, suites } from '../suites/registry.ts';

/** What a reader must hold against the figures of a run, a line each; only what is true of it. */
export function limitsOf({ cells }: Run): string {
  const isAlone = cells.some(({ suite }) => !ofNodes.has(suite));
  const lines: readonly (readonly [boolean, string])[] = [
    [
      true,
      `One machine, whose processes share its cores: server and load generator are separate processes, and their times are
  not those of two hosts. Ratios within this run carry over; absolute times do not.`,
    ],
    [
      isAlone,
      `At saturation a cost per message is at its most visible: the same strategy adds less, in us and as a ratio, to a server
  that idles between messages.`,
    ],
    [
      isAlone,
      'A figure of fewer than six blocks has no interval; that of one block shows an order of magnitude, and no spread.',
    ],
    [
      isAlone,
      'One node, memory stores, WebSocket transport, HS256 access tokens verified by jose, limits switched off.',
    ],
    [
      isAlone,
      'A long-lived WS token opens all but the first connection of a client: its churn figures are reconnects.',
    ],
    [isAlone, "Staleness is resolved to 20 ms and watched for 2 s; a figure is the worst of a repetition's probes."],
    [
      true,
      `The strategies are ours and the peers are not. The hardened variants were written to be cheap per message, and measured by
  the suite that they were written beside.`,
    ],
  ];
  const own = suites.filter(({ id }) => cells.some(({ suite }) => suite === id)).flatMap(({ limits = [] }) => limits);
  const general = lines.flatMap(([isTrue, line]) => (isTrue ? [line] : []));
  return [...general, ...own].map((line) => `- ${line}`).join('\n');
}
