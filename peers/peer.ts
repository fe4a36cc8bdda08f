/**
 * What people write today: each peer boots its own app the way that its documentation says, with the real package,
 * and speaks the events of the bench, so that it stands in the same tables as the strategies.
 */
import type { CreateClient, UserDirectory } from '../strategies/strategy.ts';

export interface PeerOptions {
  /** Users and passwords; how they are hashed is no part of the comparison. */
  readonly directory: UserDirectory;
  /** Signs tokens or cookies: at least 32 bytes. */
  readonly secret: string;
  /** How long a credential lives, in ms. */
  readonly lifetime: number;
}

export interface RunningPeer {
  /** Where it listens: a free port of the loopback interface. */
  readonly url: string;
  /** Sends the event `notification` to the connections in the room that is named after the subject. */
  push(subject: string, notification: unknown): void;
  close(): Promise<void>;
}

export interface Peer {
  /** Folder name and row label. */
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  /** The duty of client code as its credential ends: one short sentence, without a full stop. */
  readonly clientDoes: string;
  /** The npm packages that do the checking; their versions are read from what is installed. */
  readonly packages: readonly string[];
  /** Where the recipe stands: a page, or a package's README. */
  readonly source: string;
  /**
   * What becomes of a client without a valid credential: its CONNECT is refused (`handshake`), it is connected and its
   * message refused (`message`), or it is connected and then disconnected (`disconnect`).
   */
  readonly refuses: 'handshake' | 'message' | 'disconnect';
  /** The library, if any, that it verifies a token with on each message: what one verification takes predicts its cost. */
  readonly verifiesEachMessageWith?: string;
  /** In what its behaviour differs from that of the strategies, a sentence each. */
  readonly differs: readonly string[];
  /**
   * Serves `POST /auth/login`, `sendMessage` on `/chat` with the ack `{ id, from, text }`, rooms by `auth.room`, and
   * refuses whoever has no valid credential in whatever way its documentation does.
   */
  start(options: PeerOptions): Promise<RunningPeer>;
  /** The client half, in the verbs of a strategy's client. */
  client(): Promise<{ createClient: CreateClient }>;
}

export const definePeer = (peer: Peer): Peer => peer;
