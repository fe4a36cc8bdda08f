import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import type { Namespace, Socket } from 'socket.io';
import type { RefusalCode } from '../../strategies/strategy.ts';
import { Authenticators } from '../authenticators.ts';
import type { Connection } from '../connections/connection.ts';
import { Connections } from '../connections/connections.ts';
import { holdsMoreThan } from '../limits/held-values.ts';
import { exceeds } from '../options/limits.ts';
import { type ResolvedOptions, WS_AUTH_OPTIONS } from '../options/options.ts';
import type { Transport } from '../transport/transport.ts';
import { Transports } from '../transport/transports.ts';

/** An `auth` payload may hold one value for each so many bytes of the largest CONNECT. */
const BYTES_PER_VALUE = 32;

/** What a CONNECT is refused for without asking the strategy. Every namespace is closed until a gateway opens it. */
@Injectable()
export class EarlyRefusals {
  /** Objects instead of names, because a server on another port may have a namespace of the same name. */
  readonly #opened = new WeakSet<Namespace>();
  readonly #unreadable = new WeakSet<IncomingMessage>();

  constructor(
    @Inject(WS_AUTH_OPTIONS) private readonly options: ResolvedOptions,
    @Inject(Connections) private readonly connections: Connections,
    @Inject(Transports) private readonly transports: Transports,
    @Inject(Authenticators) private readonly authenticators: Authenticators,
  ) {}

  /** CONNECTs to this namespace are no longer refused as `namespace-closed`. */
  open(namespace: Namespace): void {
    this.#opened.add(namespace);
  }

  /** The strategy's middleware could not read this request, so that nobody knows whose it is. */
  unreadable(request: IncomingMessage): void {
    this.#unreadable.add(request);
  }

  /** The code of a refusal; undefined where the strategy is to decide. `transport.asked` counts this CONNECT already. */
  codeFor({ nsp, handshake, request }: Socket, transport: Transport): RefusalCode | undefined {
    const { connectionsPerAddress } = this.options.limits;
    const code = this.#codeForCredential(handshake.auth, transport);
    if (code !== undefined) return code;
    if (!this.#opened.has(nsp)) return 'namespace-closed';
    if (transport.namespaces.has(nsp.name)) return 'already-connected';
    if (this.#unreadable.has(request) && this.authenticators.of(nsp.name).upgradeMiddleware) return 'unavailable';
    const fromAddress = this.connections.fromNetwork(this.transports.clientOf(request).network) + 1;
    return exceeds(fromAddress, connectionsPerAddress) ? 'too-many-connections' : undefined;
  }

  /** As `codeFor`, for a guest that sends `auth` on its open connection: it counts as one more CONNECT. */
  codeForSignIn({ authenticator }: Connection, auth: unknown, transport: Transport): RefusalCode | undefined {
    transport.asked += 1;
    const code = this.#codeForCredential(auth, transport);
    if (code !== undefined) return code;
    if (typeof auth !== 'object' || auth === null) return 'unauthenticated';
    const { connectBytes } = this.options.limits;
    if (connectBytes !== false && Buffer.byteLength(JSON.stringify(auth)) > connectBytes) return 'bad-message';
    return authenticator.credentialInRequest ? 'sign-in-unsupported' : undefined;
  }

  #codeForCredential(auth: unknown, transport: Transport): RefusalCode | undefined {
    const { connectsPerTransport, connectBytes } = this.options.limits;
    if (this.connections.draining) return 'reconnect-required';
    if (exceeds(transport.asked, connectsPerTransport)) return 'too-many-connects';
    const isTooMuch = connectBytes !== false && holdsMoreThan(connectBytes / BYTES_PER_VALUE, auth);
    return isTooMuch ? 'bad-message' : undefined;
  }
}
