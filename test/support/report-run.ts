import type { MetricName } from '../../bench/model/metrics.ts';
import { metrics } from '../../bench/suites/registry.ts';
import { type Cell, type Role, type Run, SCHEMA_VERSION, type Timeline } from '../../bench/model/run-file.ts';

type EntryKey = Pick<Cell, 'role' | 'strategy' | 'variant'>;

const own = (role: Role, strategy: string, variant: Cell['variant'] = null): EntryKey => ({ role, strategy, variant });

/** As in a recorded run: what each row costs against the no-auth baseline, and for how long it serves after its end. */
const rows: readonly (EntryKey & { factor: number; stale: number | null })[] = [
  { ...own('baseline', '_no-auth', 'hardened'), factor: 1, stale: null },
  { ...own('strategy', 'access-refresh', 'as-published'), factor: 5.32, stale: 2002 },
  { ...own('strategy', 'access-refresh', 'hardened'), factor: 1.13, stale: 0 },
  { ...own('strategy', 'handshake-only', 'as-published'), factor: 1.02, stale: 2001 },
  { ...own('strategy', 'handshake-only', 'hardened'), factor: 1.04, stale: 0 },
  { ...own('strategy', 'long-lived-token', 'as-published'), factor: 0.97, stale: 2004 },
  { ...own('strategy', 'long-lived-token', 'hardened'), factor: 1.05, stale: 0 },
  { ...own('strategy', 'session', 'as-published'), factor: 1.01, stale: 2000 },
  { ...own('strategy', 'session', 'hardened'), factor: 1.14, stale: 180 },
  { ...own('peer', 'nest-jwt-guard'), factor: 1.62, stale: 2003 },
  { ...own('peer', 'passport-session'), factor: 1.9, stale: 2003 },
  { ...own('peer', 'article-gateway'), factor: 5.4, stale: 2003 },
  { ...own('platform-layer', 'raw-ws'), factor: 0.21, stale: null },
  { ...own('platform-layer', 'socket-io'), factor: 0.52, stale: null },
  { ...own('platform-layer', 'nest-gateway'), factor: 0.88, stale: null },
  { ...own('twin', '_no-auth-twin', 'hardened'), factor: 1.01, stale: null },
  { ...own('control', '_busy-20us', 'hardened'), factor: 1.65, stale: null },
  { ...own('control', '_busy-100us', 'hardened'), factor: 4.2, stale: null },
];

const titles: Record<string, string> = {
  '_no-auth': 'No-auth baseline',
  '_no-auth-twin': 'No-auth baseline, its twin',
  '_busy-20us': 'No-auth baseline and 20 us of work',
  '_busy-100us': 'No-auth baseline and 100 us of work',
  'access-refresh': 'Access and refresh tokens over acks',
  'handshake-only': 'Handshake-only verification',
  'long-lived-token': 'Long-lived WS token',
  session: 'Session',
  'nest-jwt-guard': '@nestjs/jwt in a guard',
  'passport-session': 'Passport session on the engine',
  'article-gateway': "The article's own gateway",
  'raw-ws': 'ws alone',
  'socket-io': 'Socket.IO alone',
  'nest-gateway': 'Nest without a guard',
};

const suiteOf = (role: Role, metric: MetricName): string => {
  if (role === 'platform-layer') return 'platform-floor';
  return metric.includes('after') ? 'expiry' : metric.includes('connection') ? 'churn' : 'parse-cost';
};

function cellOf(entry: EntryKey, metric: MetricName, median: number, change: Partial<Cell> = {}): Cell {
  return {
    suite: suiteOf(entry.role, metric),
    role: entry.role,
    strategy: entry.strategy,
    variant: entry.variant,
    metric,
    ...metrics.get(metric)!,
    median,
    ciLow: median * 0.96,
    ciHigh: median * 1.04,
    ratio: null,
    added: null,
    blocks: [median * 0.99, median, median * 1.01],
    ratios: null,
    addeds: null,
    params: {},
    ...change,
  };
}

function compared(base: number, factor: number, isBaseline: boolean): Pick<Cell, 'ratio' | 'added'> {
  if (isBaseline) return { ratio: null, added: null };
  const [low, high] = [factor * 0.95, factor * 1.06];
  const p = low <= 1 && high >= 1 ? 0.4 : 0.0004;
  return {
    ratio: { estimate: factor, ciLow: low, ciHigh: high, p, n: 12 },
    added: { estimate: base * (factor - 1), ciLow: base * (low - 1), ciHigh: base * (high - 1) },
  };
}

const distribution = (p50: number): [number, number][] =>
  [0, 25, 50, 75, 90, 95, 99, 99.5, 99.9, 99.99, 100].map((percentile) => [
    percentile,
    p50 * (0.5 + 0.62 * Math.log10(100 / Math.max(0.004, 100 - percentile)) ** 1.4 + percentile / 250),
  ]);

const messageCells = ({ factor, stale, ...entry }: (typeof rows)[number]): Cell[] => [
  ...(
    [
      ['saturated', 31.5, factor],
      ['2000/s', 68, 1 + (factor - 1) / 2],
    ] as const
  ).map(([load, base, times]) =>
    cellOf(entry, 'server-cpu-per-message', base * times, {
      ...compared(base, times, entry.role === 'baseline'),
      params: { load, connections: 16, inFlight: 80 },
    }),
  ),
  cellOf(entry, 'messages-per-second', 29_000 / factor, { params: { load: 'saturated' } }),
  cellOf(entry, 'latency-p50', 0.8 * factor, { distribution: distribution(0.8 * factor), params: { share: 0.6 } }),
  cellOf(entry, 'latency-p99', 3 * factor, { params: { share: 0.6 } }),
  cellOf(entry, 'server-cpu-per-connection', 2.1 * factor, compared(2.1, factor, entry.role === 'baseline')),
  ...(stale === null
    ? []
    : (['accepted-after-revocation', 'delivered-after-revocation', 'accepted-after-expiry'] as const).map((metric) =>
        cellOf(entry, metric, stale, {
          ...(stale >= 2000 ? { censored: true as const } : {}),
          ciLow: null,
          ciHigh: null,
          params: { lifetime: 4000, watched: 2000, resolution: 20 },
        }),
      )),
];

type Connection = Timeline['acts'];
type Window = [from: number, to: number];

const connectionOf = (change: Partial<Connection> & { served: Window[] }): Connection => ({
  open: change.served,
  entitled: change.served,
  failed: [],
  count: { served: 10, failed: 0 },
  renewals: [],
  reconnects: [],
  ...change,
});

/** An honest client at its expiries, and one that renews nothing at each end: a leak is served until it is watched no more. */
function timelinesOf(entry: (typeof rows)[number], index: number): Timeline[] {
  const { role, strategy, variant, stale } = entry;
  const until = 9000;
  const leaks = (stale ?? 0) >= 2000;
  const reconnects: Window[] = [
    [0, 4003],
    [4085, until],
  ];
  const whole: Window[] = [[0, until]];
  const entitled: Window[] = leaks ? [[0, 4000]] : index % 2 === 1 ? reconnects : whole;
  const honest = connectionOf({
    served: leaks ? whole : entitled,
    entitled,
    renewals: leaks ? [] : [3990],
    reconnects: leaks || index % 2 === 0 ? [] : [4085],
    ...(index % 2 === 1 && !leaks && { failed: [[4003, 4085]], count: { served: 10, failed: 2 } }),
  });
  const holder = (at: number, last: number): Pick<Timeline, 'ends' | 'until' | 'acts' | 'receives'> => {
    const connection = connectionOf({ served: [[0, last]], entitled: [[0, at]] });
    return { ends: [at], until: at + 2000, acts: connection, receives: connection };
  };
  const key = { role, strategy, variant };
  const after = (at: number) => holder(at, leaks ? at + 2000 : at + (stale ?? 0));
  return [
    { ...key, end: 'expiry', client: 'honest', ends: [4000], until, acts: honest, receives: honest },
    { ...key, end: 'expiry', client: 'holder', ...after(4000) },
    { ...key, end: 'sign-out', client: 'holder', ...after(500) },
    { ...key, end: 'ban', client: 'holder', ...after(500) },
  ];
}

/** A run with a row of every role, two loads, distributions, censored and void cells, and a life of each strategy. */
export function reportRun(change: Partial<Run> = {}): Run {
  const cells = rows.flatMap(messageCells);
  // The platform layers has the no-auth baseline of its own, and no twin.
  const ground = cells.filter(({ role, metric }) => role === 'baseline' && metric.startsWith('server-cpu'));
  cells.unshift(...ground.map((cell) => ({ ...cell, suite: 'platform-floor' })));
  return {
    schemaVersion: SCHEMA_VERSION,
    narrowed: { strategy: null, suite: null },
    command: 'npm run bench -- --profile full',
    profile: 'full',
    seed: 1,
    startedAt: '2026-01-02T03:04:05.000Z',
    seconds: 2412,
    complete: true,
    failures: [],
    environment: {
      cpu: 'AMD EPYC',
      cores: 2,
      memoryGiB: 24,
      cgroup: { cpus: null, memory: null },
      platform: 'linux x64',
      kernel: '6.18',
      node: 'v20.20.2',
      packages: { '@nestjs/core': '12.5.1', 'socket.io': '4.8.3', jose: '6.2.18' },
      commit: 'a'.repeat(40),
      dirty: false,
      flags: ['--min-semi-space-size=16', '--max-semi-space-size=16'],
      pinned: { generator: 0, servers: 1 },
    },
    entries: Object.fromEntries(
      rows.map(({ strategy, role }) => [
        strategy,
        {
          role,
          title: titles[strategy] ?? strategy,
          summary: `What ${strategy} does`,
          ...(role === 'peer' ? { differs: ['Verifies no origin'] } : {}),
        },
      ]),
    ),
    timelines: rows.filter(({ stale }) => stale !== null).flatMap(timelinesOf),
    cells: cells.map((cell) =>
      cell.strategy === 'passport-session' && cell.metric === 'server-cpu-per-message'
        ? {
            ...cell,
            ratio: null,
            added: null,
            void: 'the server was not saturated: utilisation 0.91 in 3 of 12 blocks',
          }
        : cell,
    ),
    ...change,
  };
}
