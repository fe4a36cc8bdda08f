import { io, type Socket } from 'socket.io-client';
import { onTestFinished } from 'vitest';
import type { RefusalCode, RefusalNotice } from '../../strategies/strategy.ts';

/** A plain Socket.IO client that notes what the gateways tell it, and renews or retries nothing. Closed when the test is over. */
export class TestClient {
  readonly socket: Socket;
  /** Every refusal that it was told of: of its CONNECT, of an event, or as it was cut. */
  readonly notices: RefusalNotice[] = [];
  /** `connected`, or the code of the refusal. */
  readonly answered: Promise<RefusalCode | 'connected' | undefined>;
  /** Once it is disconnected: the code it was told, if any. */
  readonly cut: Promise<RefusalCode | undefined>;

  constructor(url: string, auth: object = {}, extraHeaders: Record<string, string> = {}) {
    this.socket = io(url, { transports: ['websocket'], forceNew: true, reconnection: false, auth, extraHeaders });
    onTestFinished(() => this.close());
    this.socket.on('auth:cut', (notice: RefusalNotice) => this.notices.push(notice));
    this.answered = new Promise((resolve) => {
      this.socket.once('connect', () => resolve('connected'));
      this.socket.once('connect_error', ({ data }: Error & { data?: RefusalNotice }) => {
        if (data !== undefined) this.notices.push(data);
        resolve(data?.code);
      });
    });
    this.cut = new Promise((resolve) => this.socket.once('disconnect', () => resolve(this.notices.at(-1)?.code)));
  }

  /** The ack of an event: what the handler returned, or `{ refused }`. */
  async ask(event: string, data: unknown = {}): Promise<{ refused?: RefusalNotice }> {
    const answer = (await this.socket.timeout(5000).emitWithAck(event, data)) as { refused?: RefusalNotice };
    if (answer.refused !== undefined) this.notices.push(answer.refused);
    return answer;
  }

  /** The next time that the server emits `event`. */
  next<T = unknown>(event: string): Promise<T> {
    return new Promise((resolve) => this.socket.once(event, resolve));
  }

  close(): void {
    this.socket.disconnect();
  }
}
