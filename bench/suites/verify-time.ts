import type { VerifyHandlers } from '../../harness/verify-process.ts';
import { Child } from '../../harness/rpc.ts';
import type { Suite } from '../suite.ts';

const id = 'verify-time';

export const verifyTime: Suite = {
  id,
  title: 'What one verification costs',
  question:
    'How long does one JWT verification take, by library and algorithm, and how long does not verifying again take?',
  method: 'tinybench, one at a time in a process of its own; the median of the samples of each block.',
  blocks: (_arms, { repetitions, verifySeconds }) =>
    Array.from({ length: repetitions }, (_empty, repetition) => ({
      suite: id,
      label: id,
      group: id,
      repetition,
      expected: 1 + 20 * verifySeconds,
      async run() {
        const child = await Child.start<VerifyHandlers>('../../harness/verify-process.js', import.meta.url);
        try {
          const results = await child.call.measure(verifySeconds * 1000);
          return results.map(({ library, algorithm, cached, us }) => ({
            owner: { role: 'peer', strategy: library, variant: null } as const,
            metric: 'verify-time' as const,
            value: us,
            params: { library, algorithm, cached },
          }));
        } finally {
          await child.stop();
        }
      },
    })),
};
