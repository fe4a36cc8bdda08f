import type { IncomingMessage } from 'node:http';
import { Logger } from '@nestjs/common';
import { networkOf } from '../strategies/strategy.ts';

/** Counts by network address. All addresses of one IPv6 /64 count as one: a subscriber has at least that many. */
export class AddressCounter {
  readonly #counts = new Map<string, number>();

  of(address: string): number {
    return this.#counts.get(networkOf(address)) ?? 0;
  }

  add(address: string): void {
    this.#counts.set(networkOf(address), this.of(address) + 1);
  }

  remove(address: string): void {
    const left = this.of(address) - 1;
    if (left > 0) this.#counts.set(networkOf(address), left);
    else this.#counts.delete(networkOf(address));
  }
}

/**
 * The `addressOf` of an app that gives none: the peer of the TCP connection. It warns once where a request seems to come
 * through a proxy.
 */
export function peerAddress(): (request: IncomingMessage) => string {
  let warned = false;
  return ({ headers, socket }) => {
    if (!warned && headers['x-forwarded-for'] !== undefined) {
      warned = true;
      new Logger('WsAuthModule').warn(
        'A request carries X-Forwarded-For, but the option addressOf is not set. Behind a proxy, all clients then share one ' +
          'address, and one client can use up the failed sign-ins and connections of all. Set addressOf to a header that ' +
          "only your proxy can set, such as ({ headers }) => String(headers['x-real-ip']). Without a proxy, ignore this warning.",
      );
    }
    return socket.remoteAddress ?? 'unknown';
  };
}
