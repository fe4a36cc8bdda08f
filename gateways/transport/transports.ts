import type { IncomingMessage } from 'node:http';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Socket } from 'socket.io';
import { noticeOf, type RefusalCode } from '../../strategies/strategy.ts';
import { type Client, clientsBy, NetworkCounter } from '../limits/addresses.ts';
import { flushFailures } from '../log/bounded-log.ts';
import { Connections } from '../connections/connections.ts';
import { exceeds } from '../options/limits.ts';
import { CONNECT_TIMEOUT, type ResolvedOptions, WS_AUTH_OPTIONS } from '../options/options.ts';
import { PacketBudgets } from '../limits/packet-budgets.ts';
import { PacketMeter } from './packet-meter.ts';
import { Transport } from './transport.ts';
import { boundUnsent, type WebSocketLike, webSocketOf } from './unsent-bytes.ts';

type Conn = Socket['conn'];

/** How the first character of a Socket.IO packet names its type; binary ones announce attachments. */
const CONNECT = 0;
const CONNECT_ERROR = 4;
const BINARY_EVENT = 5;
/**
 * How long a place is kept, in ms, that was used for nothing or misused; and up to as long again, at random, so that
 * places that were taken together do not become free together.
 */
const KEPT = 10_000;

/** The answer to a CONNECT that Socket.IO does not get, as its packet. The namespace comes before the first comma. */
function connectError(connect: string | Buffer, code: RefusalCode): string {
  const [, namespace = ''] = /^.(\/[^,]{0,100},)/.exec(String(connect)) ?? [];
  const notice = noticeOf(code);
  return `${CONNECT_ERROR}${namespace}${JSON.stringify({ message: notice.message, data: notice })}`;
}

/** Every transport, from the upgrade on: how many there are, and what each may send and leave unread. */
@Injectable()
export class Transports implements OnApplicationShutdown {
  readonly #transports = new WeakMap<Conn, Transport>();
  readonly #byRequest = new WeakMap<IncomingMessage, Transport>();
  /** Functions that give back the place of a long-polling request that has not opened a transport yet. */
  readonly #asking = new WeakMap<IncomingMessage, () => void>();
  readonly #perNetwork = new NetworkCounter();
  /** Returns the client of a request; `addressOf` is asked once. It throws what `addressOf` throws. */
  readonly clientOf: (request: IncomingMessage) => Client;
  readonly #budgets: PacketBudgets | undefined;
  #open = 0;

  constructor(
    @Inject(WS_AUTH_OPTIONS) private readonly options: ResolvedOptions,
    @Inject(Connections) private readonly connections: Connections,
  ) {
    this.clientOf = clientsBy(options.addressOf);
    const { packetsPerSecond } = options.limits;
    if (packetsPerSecond !== false) this.#budgets = new PacketBudgets(packetsPerSecond);
  }

  /**
   * Counts a transport that is asked for: before CONNECT nothing else counts it. An upgrade counts until its network
   * connection closes. A request of long polling counts until it is answered, or as long as the transport that it opens.
   * Answers the HTTP status of the refusal where there are too many already.
   */
  admit(request: IncomingMessage, upgraded: boolean): 429 | 503 | undefined {
    const { transports, transportsPerAddress } = this.options.limits;
    const network = this.#networkOf(request);
    if (exceeds(this.#open + 1, transports)) return 503;
    if (exceeds(this.#perNetwork.of(network) + 1, transportsPerAddress)) return 429;
    const give = this.#take(network);
    if (upgraded) request.socket.once('close', () => this.#giveBack(give, this.#byRequest.get(request)));
    else {
      this.#asking.set(request, give);
      request.once('close', () => this.#asking.delete(request) && give());
    }
    return undefined;
  }

  /** Watches what a transport sends, and what it leaves unread. */
  watch(conn: Conn): void {
    const transport = this.of(conn);
    this.#byRequest.set(conn.request, transport);
    if (conn.transport.name === 'polling') {
      const give = this.#asking.get(conn.request);
      // Its client left while the strategy read the request, and nothing counts it any more.
      if (give === undefined) return conn.close(true);
      this.#asking.delete(conn.request);
      conn.once('close', () => this.#giveBack(give, transport));
      // From now on the WebSocket counts.
      conn.once('upgrade', give);
    }
    conn.on('packet', ({ type, data }: { type: string; data?: string | Buffer }) => {
      if (type === 'message') this.#inspect(conn, transport, data ?? '');
    });
    const { unsentBytes } = this.options.limits;
    const checkUnsent =
      unsentBytes === false ? () => {} : boundUnsent(conn, unsentBytes, () => this.end(conn, 'too-slow'));
    const { clock } = this.options;
    const take = this.#budgets?.counterOf(transport, this.#networkOf(conn.request), clock.now());
    const meter = new PacketMeter(transport, clock, take, () => this.end(conn, 'too-many-packets'));
    Object.assign(transport, { meter, checkUnsent });
    if (conn.transport.name !== 'polling') return this.#watchWebSocket(transport, webSocketOf(conn));
    conn.on('packet', ({ data }: { data?: string | Buffer }) => {
      if (conn.transport.name === 'polling') meter.polled(data ?? '');
    });
  }

  /** Watches a WebSocket that asks to take the place of long polling, before Engine.IO reads it. */
  watchUpgrade(conn: Conn, webSocket: WebSocketLike, request: IncomingMessage): void {
    const transport = this.of(conn);
    this.#byRequest.set(request, transport);
    this.#watchWebSocket(transport, webSocket);
  }

  /** Counts a request of long polling, and returns whether it is within the limits. A transport that is over them ends. */
  takeRequest(conn: Conn, { method }: IncomingMessage): boolean {
    const { meter } = this.of(conn);
    if (method === 'POST') meter?.beginPost();
    return meter?.request() ?? true;
  }

  /** Returns the state of a transport, which is created at the first call. */
  of(conn: Conn): Transport {
    const known = this.#transports.get(conn);
    if (known !== undefined) return known;
    const fresh = new Transport();
    this.#transports.set(conn, fresh);
    conn.once('close', () => {
      fresh.stay?.();
      for (const connection of fresh.namespaces.values()) this.connections.release(connection);
    });
    return fresh;
  }

  /**
   * Ends a transport without a closing handshake, which whoever floods or does not read would draw out. The client is
   * told where it still reads.
   */
  end(conn: Conn, code: RefusalCode): void {
    const transport = this.of(conn);
    if (transport.ended) return;
    transport.ended = true;
    const open = transport.find('open');
    if (open !== undefined) this.connections.cut(open, code);
    // A transport that was cut before is already counted.
    else if (!transport.misused) this.connections.refused('upgrade', code, this.addressOf(conn.request));
    transport.misused = true;
    const webSocket = webSocketOf(conn);
    conn.close(true);
    webSocket?.terminate();
  }

  /** A transport without a namespace is a place that nothing counts: it is closed unless it joins one in time. */
  closeUnlessJoined(conn: Conn): void {
    if (conn.readyState !== 'open') return;
    const transport = this.of(conn);
    transport.stay?.();
    transport.stay = this.options.clock.schedule(CONNECT_TIMEOUT, () => {
      if (transport.find('open')) return;
      // A pending CONNECT may still be refused, and nothing else would close the transport then.
      if (transport.find('pending')) this.closeUnlessJoined(conn);
      else conn.close();
    });
  }

  /** As `clientOf`, for reports: it returns an empty object if `addressOf` throws. */
  addressOf(request: IncomingMessage): Partial<Client> {
    try {
      return this.clientOf(request);
    } catch {
      return {};
    }
  }

  onApplicationShutdown(): void {
    this.options.flushLog();
    flushFailures();
  }

  #watchWebSocket({ meter, checkUnsent }: Transport, webSocket: WebSocketLike | undefined): void {
    // The WebSocket answers each ping by itself.
    webSocket?.on('ping', checkUnsent);
    if (webSocket !== undefined) meter?.watch(webSocket);
  }

  /** Takes a place, and answers what gives it back, once. */
  #take(network: string): () => void {
    let taken = true;
    this.#open += 1;
    this.#perNetwork.add(network);
    return () => {
      if (!taken) return;
      taken = false;
      this.#open -= 1;
      this.#perNetwork.remove(network);
    };
  }

  /**
   * A place that was used for nothing, or misused, is given back later: else a client that opens one transport after
   * the other would get a new budget with each.
   */
  #giveBack(give: () => void, transport: Transport | undefined): void {
    if (transport?.joined && !transport.misused) give();
    else this.options.clock.schedule(KEPT * (1 + Math.random()), give);
  }

  /**
   * Before Socket.IO parses a packet: counts CONNECTs as they arrive, since those for namespaces that no code names reach no
   * middleware; bounds what whoever has joined nothing has parsed; and lets nobody send attachments before it has joined.
   */
  #inspect(conn: Conn, transport: Transport, data: string | Buffer): void {
    const type = typeof data === 'string' ? Number(data.charAt(0)) : BINARY_EVENT;
    const { connectBytes, connectsPerTransport } = this.options.limits;
    if (type === CONNECT || !transport.joined) {
      const bytes = Buffer.byteLength(data);
      if (exceeds(bytes, connectBytes)) {
        // Open connections are told by `auth:cut`, and one write is all that leaves before the end.
        if (type === CONNECT && !transport.joined) conn.write(connectError(data, 'bad-message'));
        return this.end(conn, 'bad-message');
      }
      if (transport.joined && !this.#mayAskAgain(conn, bytes)) return this.end(conn, 'too-many-packets');
    }
    if (type === CONNECT) {
      transport.connects += 1;
      if (transport.misused || !exceeds(transport.connects, connectsPerTransport)) return;
      // At once: the client may close in the same network read. The answer to the CONNECT leaves before the end.
      transport.misused = true;
      this.connections.refused('upgrade', 'too-many-connects', this.addressOf(conn.request));
      setImmediate(() => this.end(conn, 'too-many-connects'));
    } else if (type >= BINARY_EVENT && !this.#mayAttach(transport)) this.end(conn, 'bad-message');
  }

  /** Counts a later CONNECT like a packet of a transport that has not joined yet. */
  #mayAskAgain({ request }: Conn, bytes: number): boolean {
    return this.#budgets?.takeJoining(this.#networkOf(request), bytes, this.options.clock.now()) ?? true;
  }

  #networkOf(request: IncomingMessage): string {
    return this.addressOf(request).network ?? '';
  }

  #mayAttach(transport: Transport): boolean {
    return this.options.attachments && transport.find('open') !== undefined;
  }
}
