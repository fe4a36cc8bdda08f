import { NetworkBudgets } from './network-budgets.ts';
import { TokenBucket } from './token-bucket.ts';

/** How many seconds' worth of packets one transport may send at once. */
const BURST_SECONDS = 10;
/**
 * The same for all transports of a network that have joined no namespace: 1,500 by default. So 250 clients that come back
 * at once may each ask for three namespaces, with 2 KB in each CONNECT.
 */
const JOINING_BURST_SECONDS = 6;
/** A packet counts once for each 4 KiB of it that have begun; before its transport has joined, once for each KiB. */
const SIZE_BITS = 12;
const JOINING_SIZE_BITS = 10;

/** The packets that transports may send. Before they join a namespace, all transports of a network share a budget too. */
export class PacketBudgets {
  readonly #perSecond: number;
  readonly #joining: NetworkBudgets;

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
    this.#joining = new NetworkBudgets(perSecond, JOINING_BURST_SECONDS);
  }

  /**
   * Returns what to call with each packet of a transport: its size in bytes, and the time of the clock in ms. It returns
   * whether the packet is within the limits. Before a namespace is joined, one second's worth is all.
   */
  counterOf(
    transport: { readonly joined: boolean },
    network: string,
    openedAt: number,
  ): (bytes: number, now: number) => boolean {
    const budget = new TokenBucket(this.#perSecond, this.#perSecond * BURST_SECONDS, openedAt);
    let early = 0;
    return (bytes, now) => {
      const count = 1 + (bytes >>> SIZE_BITS);
      if (!transport.joined) {
        early += count;
        if (early > this.#perSecond || !this.takeJoining(network, bytes, now)) return false;
      }
      return budget.take(now, count);
    };
  }

  /** Counts a packet that asks to join against its network, and returns whether it is within the limit. */
  takeJoining(network: string, bytes: number, now: number): boolean {
    return this.#joining.of(network, now).take(now, 1 + (bytes >>> JOINING_SIZE_BITS));
  }
}
