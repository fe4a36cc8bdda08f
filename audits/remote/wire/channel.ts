import type { Tls } from './request.ts';

/** How a channel ended. */
export interface Closed {
  readonly code: number;
  readonly reason: string;
  /** Ended by the network and not by a close frame: the process may be gone. */
  readonly abrupt: boolean;
}

/** One transport to the server, which carries text frames. */
export interface Channel {
  send(frame: string): void;
  close(): void;
}

/** Called by a channel for what comes of it. */
export interface Listener {
  onFrame(frame: string): void;
  onClosed(closed: Closed): void;
}

/** The server answered the opening of a channel by an HTTP error, or by hanging up. */
export class ChannelRefused extends Error {
  override readonly name = 'ChannelRefused';
}

/** The address of a channel, and how to reach it. */
export interface Address {
  /** With the path and the query, as http or https. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly tls?: Tls;
}

/** @throws ChannelRefused, or Unreachable where nobody answers */
export type OpenChannel = (address: Address, listener: Listener) => Promise<Channel>;
