import type { Run } from '../run-file.ts';
import { ofNodes } from './rows.ts';

/** What a reader must hold against the figures of a run, a line each; only what is true of it. */
export function limitsOf({ cells }: Run): string {
  const has = (suite: string): boolean => cells.some((cell) => cell.suite === suite);
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
      has('scale') || has('storm'),
      `Figures of several nodes, of storms and of restarts are of one block each: they have no spread, and what lies between
  two rows may be noise.`,
    ],
    [
      has('scale'),
      `Nodes, their store and their clients share the cores: more nodes make a full machine fuller, and CPU that grows with
  their number is in part that.`,
    ],
    [
      has('storm'),
      `The clients of a storm are one process on the same cores: it peaks at what they and the node get through together, and
  a store's peak is the fullest tenth of a second.`,
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
  return lines.flatMap(([isTrue, line]) => (isTrue ? [`- ${line}`] : [])).join('\n');
}
