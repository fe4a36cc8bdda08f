import type { Server, Socket } from 'socket.io';

/** What is kept of one frame, in characters. */
const LONGEST = 160;
/** Frames that are kept; an audit that needs more of them is told by its last ones. */
const MOST = 60;

/** Every Socket.IO frame that a server receives and sends, in its order, without the credentials in them. */
export class WireLog {
  readonly #lines: string[] = [];
  #transports = 0;

  static of(server: Server): WireLog {
    const log = new WireLog();
    server.engine.on('connection', (transport: Socket['conn']) => log.#follow(transport));
    return log;
  }

  get lines(): readonly string[] {
    return this.#lines;
  }

  #follow(transport: Socket['conn']): void {
    const number = ++this.#transports;
    const note = (direction: string) => (packet: { type: string; data?: unknown }) => {
      if (packet.type === 'message' && typeof packet.data === 'string')
        this.#add(number, `${direction} 4${packet.data}`);
    };
    this.#add(number, 'opens');
    transport.on('packet', note('>'));
    transport.on('packetCreate', note('<'));
    transport.on('close', (reason: string) => this.#add(number, `closes: ${reason}`));
  }

  #add(transport: number, what: string): void {
    if (this.#lines.length === MOST) this.#lines.shift();
    this.#lines.push(wireLine(transport, what));
  }
}

/** One frame or event of a transport, cut short, without the credentials in it. */
export function wireLine(transport: number, what: string): string {
  const line = `${transport} ${withoutCredentials(what.slice(0, 10 * LONGEST))}`;
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}

/** Without whatever is as long as a token, whole or cut, or is named like one. */
export const withoutCredentials = (text: string): string =>
  text
    .replace(/[\w.%-]{40,}/g, '<long>')
    .replace(/("(?:\w*[tT]oken|password|secret|cookie)":)"[^"]*"/g, '$1"<secret>"');
