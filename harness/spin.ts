/**
 * A known cost: spins for as long as it is told to, on average exactly. A spin that ends late, because the machine was
 * elsewhere, takes what it took too long from the next ones: on a virtual machine 20 us would cost 21 to 22 otherwise.
 */
export class Spin {
  readonly #length: bigint;
  readonly #now: () => bigint;
  #over = 0n;

  /** `now` in ns; compared as it is, that of Node allocates nothing, which would have to be collected. */
  constructor(microseconds: number, now: () => bigint = process.hrtime.bigint) {
    this.#length = BigInt(Math.round(1000 * microseconds));
    this.#now = now;
  }

  spend(): void {
    const until = this.#now() + this.#length - this.#over;
    let now = this.#now();
    while (now < until) now = this.#now();
    this.#over = now - until;
  }
}
