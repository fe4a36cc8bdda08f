import type { Carried } from '../description/credential.ts';
import type { Client, Line } from '../wire/client.ts';
import type { Control } from './control.ts';
import type { Received } from './listen.ts';
import type { Reply } from './replies.ts';
import type { Unasked, VariantId } from './variants.ts';

/** The outcome of one credential of the matrix. */
export interface Observation {
  readonly id: VariantId;
  readonly carried: Carried;
  readonly connect: 'refused' | 'admitted' | 'silent';
  /** How it was refused or ended, in words. */
  readonly how?: string;
  readonly early: Reply | 'not sent';
  /** In ms since the admission. */
  readonly handledAfter?: number;
  /** The same for an event right behind CONNECT. */
  readonly burst?: number;
  readonly late?: Reply | 'not sent';
  readonly received: Received;
  readonly receivedLate: Received;
  /** From the admission to the end, in ms; undefined for a connection that was still there. */
  readonly stayed?: number;
  /** How long the connection was watched, in ms. */
  readonly watched: number;
  readonly lines: readonly Line[];
}

/** A credential that ended while a connection held it. */
export interface Ended {
  readonly id: EndId;
  /** The reply to an event after the end. */
  readonly late: Reply | 'not sent';
  readonly received: Received;
  /** Whether a valid listener received the same broadcasts. */
  readonly isHeard: boolean;
  /** The connection was ended by the server, so many ms after the credential. */
  readonly endedAfter?: number;
  /** The outcome of a fresh connection with it; `handled` if its event was handled, too. */
  readonly again: 'refused' | 'admitted' | 'handled' | 'cut';
  readonly how?: string;
  readonly lines: readonly Line[];
  readonly linesAgain: readonly Line[];
}

export const ends = {
  expiry: 'the expiry of the credential',
  'sign-out': 'the sign-out',
  roles: 'the change of roles',
  ban: 'the ban of the user',
} as const;
export type EndId = keyof typeof ends;

export interface UnaskedEnd {
  readonly id: EndId;
  readonly why: string;
}

/** One question beside the matrix: a foreign origin, or another namespace. */
export interface Side {
  readonly isAdmitted: boolean;
  readonly isHandled: boolean;
  readonly received: Received;
  readonly lines: readonly Line[];
}

/** All that a run saw. Verdicts are computed from it alone. */
export interface Facts {
  readonly control: Pick<Control, 'credential' | 'sample' | 'broadcasts' | 'isPushed' | 'answerMs'>;
  readonly transport: string;
  readonly observations: readonly Observation[];
  readonly unasked: readonly Unasked[];
  /** Broadcasts that the valid listener received while others connected, and long after. */
  readonly heard: { readonly early: number; readonly late: number };
  readonly ended: readonly (Ended | UnaskedEnd)[];
  readonly origin?: Side;
  readonly root?: Side;
  /** The valid client was still served at the end; the words say why not. */
  readonly atEnd?: string;
  /** The frames before the server ended, and what was being asked. */
  readonly death?: { readonly lines: readonly Line[]; readonly during: string; readonly isBack: boolean };
  /** Why the run stopped early. */
  readonly stopped?: string;
}

/** How a connection stood when it was looked at. */
export const standing = (client: Client): Pick<Observation, 'connect' | 'how' | 'stayed'> => ({
  connect: client.isAdmitted ? 'admitted' : client.isOver ? 'refused' : 'silent',
  ...(client.how !== undefined && { how: client.how }),
  ...(client.isAdmitted && client.isOver && { stayed: client.stayed! }),
});
