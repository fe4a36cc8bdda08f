import type { Socket } from 'socket.io-client';
import { withoutCredentials } from '../../harness/app/wire-log.ts';

/** One frame of a connection, decoded, or an event of its transport. */
export interface Frame {
  /** ms since the page's servers began to start */
  readonly at: number;
  readonly who: string;
  readonly direction: 'sent' | 'received' | 'event';
  readonly text: string;
}

/** Frames that are kept of a lane, and characters of each. */
const MOST = 80;
const LONGEST = 200;

/** Packets of Socket.IO, by the digit that a frame begins with. */
const packets = ['CONNECT', 'DISCONNECT', 'EVENT', 'ACK', 'CONNECT_ERROR', 'BINARY_EVENT', 'BINARY_ACK'];

/** The last frames of a lane's connections, without the credentials in them. */
export class Frames {
  readonly #kept: Frame[] = [];
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  get kept(): readonly Frame[] {
    return this.#kept;
  }

  note(who: string, direction: Frame['direction'], said: string): void {
    const text = withoutCredentials(said.slice(0, 10 * LONGEST)).slice(0, LONGEST);
    if (this.#kept.push({ at: this.#now(), who, direction, text }) > MOST) this.#kept.shift();
  }

  /** Notes each frame of a connection, from its next one on. */
  follow(who: string, { io }: Socket): void {
    const attach = (): void => {
      const note = (direction: Frame['direction']) => (packet: { type: string; data?: unknown }) => {
        if (packet.type === 'message' && typeof packet.data === 'string')
          this.note(who, direction, decoded(packet.data));
      };
      io.engine.on('packet', note('received')).on('packetCreate', note('sent'));
    };
    io.on('open', attach);
    if (io.engine?.readyState === 'open') attach();
  }
}

/** `2/chat,7["sendMessage",{}]` as `EVENT /chat #7 ["sendMessage",{}]`. */
export function decoded(frame: string): string {
  const [, type = '', namespace = '/', id, data = ''] = /^(\d)(?:(\/[^,]*),?)?(\d+)?(.*)$/s.exec(frame) ?? [];
  return [packets[Number(type)] ?? type, namespace, id && `#${id}`, data].filter(Boolean).join(' ');
}
