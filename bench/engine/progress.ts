/** Tells how far a run is, on a terminal in one line that is written anew, elsewhere in plain lines. */
export class Progress {
  readonly #out: NodeJS.WriteStream;
  readonly #startedAt = Date.now();
  readonly #total: number;
  #expectedLeft: number;
  #expectedDone = 0;
  #done = 0;

  constructor(total: number, expectedSeconds: number, out: NodeJS.WriteStream = process.stderr) {
    this.#total = total;
    this.#expectedLeft = expectedSeconds;
    this.#out = out;
  }

  started(label: string): void {
    if (this.#out.isTTY) this.#out.write(`\r\u001B[K${this.#position()} ${label}`);
  }

  finished(label: string, expectedSeconds: number, failure?: string): void {
    this.#done += 1;
    this.#expectedDone += expectedSeconds;
    this.#expectedLeft -= expectedSeconds;
    if (this.#out.isTTY && failure === undefined) return;
    const start = this.#out.isTTY ? '\r\u001B[K' : '';
    this.#out.write(`${start}${this.#position()} ${label}${failure === undefined ? '' : `: ${failure}`}\n`);
  }

  end(): void {
    if (this.#out.isTTY) this.#out.write('\r\u001B[K');
  }

  #position(): string {
    return `[${this.#done}/${this.#total}, about ${this.#left()} left]`;
  }

  /** By how the blocks so far kept to what was expected of them. */
  #left(): string {
    const elapsed = (Date.now() - this.#startedAt) / 1000;
    const pace = this.#expectedDone > 0 ? elapsed / this.#expectedDone : 1;
    const seconds = Math.round(Math.max(0, this.#expectedLeft) * pace);
    return seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
  }
}
