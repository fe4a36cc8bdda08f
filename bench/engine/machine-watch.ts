import type { Block, Outcome, Watch } from '../model/sample.ts';

/** A pause of so many ms makes times by the clock useless: it is half of the shortest lifetime of a credential, 2 s. */
const STOOD_STILL = 1000;
/** The most runs of a block that the machine stood still in. */
const RUNS = 4;
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
 * block again, up to four times in all. After a pause in the last run too, all figures of the block are void.
 * @throws what the block throws, unless the machine stood still and another run follows
 */
export async function runUndisturbed(block: Block, again: (why: string) => void): Promise<Outcome> {
  for (let run = 1; ; run++) {
    const watch = new MachineWatch();
    const [outcome] = await Promise.allSettled([block.run(watch)]);
    const { why } = watch;
    if (why !== undefined && run < RUNS) {
      again(why);
      continue;
    }
    if (outcome.status === 'rejected') throw outcome.reason;
    return why === undefined ? outcome.value : voided(outcome.value, why);
  }
}

/** Makes every figure void; one that is void already keeps its reason. Timelines are dropped, since they would show the pause. */
const voided = ({ timelines: _, samples, ...outcome }: Outcome, why: string): Outcome => ({
  ...outcome,
  samples: samples.map((sample) => ({ void: why, ...sample })),
});
