import type { RunningPeer } from '../../peers/peer.ts';
import type { CreateClient } from '../../strategies/strategy.ts';
import type { OpenLine } from '../line.ts';

/** A step of the ladder below the strategies: the same answer to the same message, with less around it. */
export interface Rung {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  start(): Promise<RunningPeer>;
  /** Where it speaks something else than Socket.IO. */
  readonly openLine?: OpenLine;
}

/** Rungs ask for nothing: whoever connects is who it says. */
export const createClient: CreateClient = () => {
  let subject: string | undefined;
  return {
    async signIn(username) {
      subject = username;
    },
    connectOptions: () => ({ auth: { subject } }),
    renew: async () => false,
    signOut: async () => {},
    expiresAt: undefined,
  };
};
