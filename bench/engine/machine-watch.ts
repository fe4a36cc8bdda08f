import type { Block, Outcome, Watch } from '../model/sample.ts';

/** A pause of so many ms makes times by the clock useless: it is half of the shortest lifetime of a credential, 2 s. */
const STOOD_STILL = 1000;
/** How often the clock is read, in ms. */
const LOOK = 50;

/** Sees for how long this process, or the whole machine, did nothing while something was measured by the clock. */
class MachineWatch implements Watch {
  #longest = 0;

  async during<T>(use: () => Promise<T>): Promise<T> {
    let last = Date.now();
    // Credentials end by this clock, which also goes on while a virtual machine is stopped.
    const look = () => {
      const now = Date.now();
      this.#longest = Math.max(this.#longest, now - last);
      last = now;
    };
    const timer = setInterval(look, LOOK);
    try {
      return await use();
    } finally {
      clearInterval(timer);
      look();
    }
  }

  /** The reason why times by the clock do not count; undefined if they count. */
  get why(): string | undefined {
    const seconds = (this.#longest / 1000).toFixed(1);
    return this.#longest < STOOD_STILL ? undefined : `the machine stood still for ${seconds} s`;
  }
}

/**
 * Runs a block. If the machine stood still for 1 s or longer during a watched part, calls `again` with the reason and runs the
 * block once more. After a pause in the second run too, all figures of the block are void.
 * @throws what the block throws, unless the machine stood still in the first run
 */
export async function runUndisturbed(block: Block, again: (why: string) => void): Promise<Outcome> {
  const first = new MachineWatch();
  const [run] = await Promise.allSettled([block.run(first)]);
  if (first.why === undefined) {
    if (run.status === 'rejected') throw run.reason;
    return run.value;
  }
  again(first.why);
  const second = new MachineWatch();
  const outcome = await block.run(second);
  return second.why === undefined ? outcome : voided(outcome, second.why);
}

/** Makes every figure void; one that is void already keeps its reason. Timelines are dropped, since they would show the pause. */
const voided = ({ timelines: _, samples, ...outcome }: Outcome, why: string): Outcome => ({
  ...outcome,
  samples: samples.map((sample) => ({ void: why, ...sample })),
});
