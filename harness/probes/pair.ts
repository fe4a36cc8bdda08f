import type { AuthSocket } from '../../strategies/shared/client/auth-socket.ts';

/** Opens a connection that talks, and one that is subscribed to notifications. Where the second fails, the first is closed. */
export async function openPair(
  talk: () => Promise<AuthSocket>,
  listen: () => Promise<AuthSocket>,
): Promise<{ talker: AuthSocket; listener: AuthSocket }> {
  const talker = await talk();
  let listener: AuthSocket | undefined;
  try {
    listener = await listen();
    await listener.request('subscribe-to-notifications', {});
    return { talker, listener };
  } catch (error) {
    talker.close();
    listener?.close();
    throw error;
  }
}
