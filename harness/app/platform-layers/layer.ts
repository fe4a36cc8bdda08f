import type { RunningPeer } from '../../../peers/peer.ts';
import type { CreateClient } from '../../../strategies/strategy.ts';
import type { OpenConnection } from '../client-connection.ts';

/** A step of the platform layers below the strategies: the same answer to the same message, with less around it. */
export interface PlatformLayer {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  start(): Promise<Omit<RunningPeer, 'push'>>;
  /** Where it speaks something else than Socket.IO. */
  readonly openConnection?: OpenConnection;
}

/** Platform layers ask for nothing: whoever connects is who it says. */
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
