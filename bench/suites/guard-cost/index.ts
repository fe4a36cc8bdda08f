import type { GuardEntry, GuardHandlers, GuardResult } from '../../../harness/processes/guard-process.ts';
import { Child } from '../../../harness/processes/rpc.ts';
import { median } from '../../stats/statistics.ts';
import { type Entry, nameOf, entryKeyOf } from '../../model/entry.ts';
import type { Outcome, Paired } from '../../model/sample.ts';
import type { Load } from '../../model/profiles.ts';
import { guardSection } from './section.ts';
import { defineSuite, type Suite } from '../suite.ts';

const id = 'guard-cost';
const roles: Suite['takes'] = ['twin', 'control', 'strategy'];

/** An entry whose guard is the one of this project. */
type Guarded = Entry & Pick<GuardEntry, 'spec'>;
const isGuarded = (entry: Entry): entry is Guarded =>
  entry.spec.kind === 'strategy' && (entry.role === 'baseline' || roles.includes(entry.role));

/** Seconds that the process takes to load, and each app to start, sign a client in and be checked. */
const LOAD = 0.8;
const START = 0.07;

export default defineSuite<Load & { readonly repetitions: number }>({
  id,
  order: 20,
  title: 'What a guard costs, directly',
  question: 'How much CPU does one decision of the guard take, without the message around it?',
  method:
    'tinybench on a clock of CPU (the whole process, all threads) times `AuthGuard.canActivate` of a started app, on a ' +
    'client that signed in and is connected over loopback. No socket is in the measured path. Each decision gets a new ' +
    '`ExecutionContext`, as Nest makes one for each message. Before timing, the guard must admit its client, and ' +
    'refuse one whose credential is forged; afterwards it must still admit its client. A block is a fresh process in ' +
    'which all entries, once they are warm, take time slices of a few ms in an order drawn anew. Its figure is the median ' +
    'over the rounds, compared round by round with the no-auth baseline (`_no-auth`). The median leaves out that ' +
    '`session` reads its session from the store once a second.',
  profiles: ['quick', 'smoke', 'brief', 'full'],
  takes: roles,
  metrics: {
    'guard-time': { unit: 'us', better: 'lower' },
  },
  section: guardSection,
  settings: {
    default: { warmUp: 0.02, slice: 0.008, rounds: 5, repetitions: 9 },
    smoke: { warmUp: 0.005, slice: 0.002, rounds: 1, repetitions: 1 },
    brief: { repetitions: 6 },
    full: { rounds: 12 },
  },
  blocks: (entries, { seed, cores }, { warmUp, slice, rounds, repetitions }) => {
    const taking = entries.filter(isGuarded);
    return Array.from({ length: repetitions }, (_, repetition) => ({
      key: `${id} ${repetition}`,
      label: id,
      repetition,
      expected: LOAD + taking.length * (START + warmUp + rounds * slice),
      async run() {
        const child = await Child.start<GuardHandlers>('../../../harness/processes/guard-process.js', import.meta.url);
        try {
          await child.call.start(taking.map(({ spec, guarded }) => ({ spec, guarded })));
          await child.keepTo(cores?.servers);
          const times = { warmUp: warmUp * 1000, slice: slice * 1000, rounds };
          return outcomeOf(taking, await child.call.measure(times, seed * 1000 + repetition));
        } finally {
          await child.stop();
        }
      },
    }));
  },
});

function outcomeOf(entries: readonly Entry[], results: readonly GuardResult[]): Outcome {
  const baseline = results[entries.findIndex(({ role }) => role === 'baseline')];
  const beside = baseline === undefined || 'failed' in baseline ? [] : baseline.us;
  const failures: string[] = [];
  const samples = entries.flatMap((entry, index) => {
    const result = results[index]!;
    if ('failed' in result) {
      failures.push(`${nameOf(entry)}: ${result.failed}`);
      return [];
    }
    const { us, wrong } = result;
    return [
      {
        suite: id,
        entry: entryKeyOf(entry),
        metric: 'guard-time' as const,
        value: us.length === 0 ? 0 : median(us),
        params: {},
        ...(wrong === undefined ? pairedWith(us, beside) : { wrong }),
      },
    ];
  });
  return { samples, failures };
}

/** Round by round against the baseline, so that what slows the machine for longer than a round drops out. */
function pairedWith(us: readonly number[], beside: readonly number[]): { paired?: Paired } {
  if (us.length !== beside.length) return {};
  return {
    paired: {
      ratio: median(us.map((own, round) => own / beside[round]!)),
      added: median(us.map((own, round) => own - beside[round]!)),
    },
  };
}
