import type { IncomingMessage } from 'node:http';
import { Logger } from '@nestjs/common';
import { networkOf } from '../../strategies/shared/address.ts';

/** The client that a request is counted for. All addresses of one IPv6 /64 are one network, as one subscriber has them. */
export interface Client {
  readonly address: string;
  readonly network: string;
}

/** Reads the client of each request once; it throws what the application's `addressOf` throws. */
export function clientsBy(addressOf: (request: IncomingMessage) => string): (request: IncomingMessage) => Client {
  const clients = new WeakMap<IncomingMessage, Client>();
  return (request) => {
    const known = clients.get(request);
    if (known !== undefined) return known;
    const address = addressOf(request);
    const client = { address, network: networkOf(address) };
    clients.set(request, client);
    return client;
  };
}

/**
 * The `addressOf` of an app, which throws where it returns anything but a string: nobody can be counted by that. A promise
 * is refused too, and its rejection does not end the process.
 */
export function requireAddress(addressOf: (request: IncomingMessage) => unknown): (request: IncomingMessage) => string {
  return (request) => {
    const address = addressOf(request);
    if (typeof address === 'string') return address;
    Promise.resolve(address).catch(() => {});
    throw new TypeError('addressOf must return a text, such as the value of a header');
  };
}

/** Counts by network. */
export class NetworkCounter {
  readonly #counts = new Map<string, number>();

  of(network: string): number {
    return this.#counts.get(network) ?? 0;
  }

  add(network: string): void {
    this.#counts.set(network, this.of(network) + 1);
  }

  remove(network: string): void {
    const left = this.of(network) - 1;
    if (left > 0) this.#counts.set(network, left);
    else this.#counts.delete(network);
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
