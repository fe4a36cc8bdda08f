import type { VerifyHandlers } from '../../../harness/processes/verify-process.ts';
import { Child } from '../../../harness/processes/rpc.ts';
import type { MetricName } from '../../model/metrics.ts';
import type { Outcome, Sample } from '../../model/sample.ts';
import { verifySection } from './section.ts';
import { defineSuite, type Suite } from '../suite.ts';

const id = 'verify-time';
/** The fewest blocks that give an interval: differences between libraries are far larger than it. */
const MOST_BLOCKS = 6;

const takes: Suite['takes'] = [];

export default defineSuite<{ readonly seconds: number }>({
  id,
  order: 30,
  title: 'What one verification costs',
  question:
    'How much CPU does one JWT verification take, by library and algorithm, and how much does not verifying again take?',
  method:
    'tinybench on a clock of CPU: that of the whole process, all threads, over many verifications, of which 64 are ' +
    'begun before any is waited for. What jose waits for another thread is no CPU, and what that thread computes is. ' +
    'One library and algorithm at a time, in an order drawn anew for each block, which is a process of its own; the ' +
    'mean of each block.',
  profiles: ['quick', 'smoke', 'brief', 'full'],
  takes,
  metrics: {
    'verify-time': { unit: 'us', better: 'lower' },
    'verify-time-after-work': { unit: 'us', better: 'lower' },
  },
  section: verifySection,
  settings: {
    default: { seconds: 0.03 },
    smoke: { seconds: 0.02 },
    full: { seconds: 0.15 },
  },
  blocks: (_entries, { repetitions, seed, cores }, { seconds }) =>
    Array.from({ length: Math.min(repetitions, MOST_BLOCKS) }, (_empty, repetition) => ({
      key: `${id} ${repetition}`,
      label: id,
      repetition,
      expected: 1 + 25 * seconds,
      async run() {
        const child = await Child.start<VerifyHandlers>(
          '../../../harness/processes/verify-process.js',
          import.meta.url,
        );
        try {
          await child.keepTo(cores?.servers);
          const results = await child.call.measure(seconds * 1000, seed * 1000 + repetition);
          const afterWork = await child.call.measureAfterWork(seed * 1000 + repetition);
          return {
            samples: [
              ...results.map(({ us, ...params }) => sampleOf('verify-time', us, params)),
              ...afterWork.map(({ us, ...params }) => sampleOf('verify-time-after-work', us, params)),
            ],
          };
        } finally {
          await child.stop();
        }
      },
    })),
});

const sampleOf = (
  metric: MetricName,
  value: number,
  params: Sample['params'] & { readonly library: string },
): Outcome['samples'][number] => ({
  suite: id,
  entry: { role: 'peer', strategy: params.library, variant: null },
  metric,
  value,
  params,
});
