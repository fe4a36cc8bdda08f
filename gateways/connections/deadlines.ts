import type { Clock } from '../../strategies/strategy.ts';

/** Something that is due at a time. `dueAt` may move while it waits; Infinity takes it out. */
export interface Due {
  readonly dueAt: number;
}

/**
 * One timer for any number of deadlines: a binary heap by the time each item was filed under. An item whose
 * deadline has moved later is filed again when its old time comes, so moving it costs nothing.
 */
export class Deadlines<Item extends Due> {
  readonly #clock: Clock;
  readonly #onDue: (item: Item) => void;
  readonly #heap: { at: number; item: Item }[] = [];
  /** The earliest time under which each item is filed. */
  readonly #filed = new Map<Item, number>();
  #cancel: (() => void) | undefined;
  #armedFor = Infinity;

  constructor(clock: Clock, onDue: (item: Item) => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  /** Tells that `item.dueAt` was set or moved. */
  file(item: Item): void {
    const at = item.dueAt;
    if (at === Infinity || at >= (this.#filed.get(item) ?? Infinity)) return;
    this.#filed.set(item, at);
    this.#push({ at, item });
    this.#arm();
  }

  /** Takes `item` out. Its place in the heap is given back once half of the heap is such places. */
  drop(item: Item): void {
    this.#filed.delete(item);
    if (this.#heap.length < 2 * this.#filed.size + 64) return;
    const kept = this.#heap.filter((entry) => this.#filed.get(entry.item) === entry.at);
    this.#heap.length = 0;
    for (const entry of kept) this.#push(entry);
  }

  stop(): void {
    this.#cancel?.();
    this.#heap.length = 0;
    this.#filed.clear();
  }

  #arm(): void {
    const next = this.#heap[0]?.at ?? Infinity;
    if (next >= this.#armedFor) return;
    this.#cancel?.();
    this.#armedFor = next;
    const wait = Math.min(next - this.#clock.now(), this.#clock.longestWait ?? Infinity);
    this.#cancel = this.#clock.schedule(wait, () => this.#fire());
  }

  #fire(): void {
    this.#armedFor = Infinity;
    this.#cancel = undefined;
    const now = this.#clock.now();
    for (let top = this.#heap[0]; top !== undefined && top.at <= now; top = this.#heap[0]) {
      this.#pop();
      if (this.#filed.get(top.item) !== top.at) continue;
      this.#filed.delete(top.item);
      if (top.item.dueAt <= now) this.#onDue(top.item);
      this.file(top.item);
    }
    this.#arm();
  }

  #push(entry: { at: number; item: Item }): void {
    const heap = this.#heap;
    let index = heap.push(entry) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (heap[parent]!.at <= entry.at) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1]!.at < heap[child]!.at) child++;
      if (heap[child]!.at >= last.at) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = last;
  }
}
