import { onTestFinished } from 'vitest';
import { passive, refusalOf } from '../../harness/app/scenario.ts';
import type { TestUser } from '../../harness/app/app.ts';
import { AuthSocket, type AuthSocketOptions } from '../../strategies/shared/client/auth-socket.ts';
import type { Strategy, StrategyClient } from '../../strategies/strategy.ts';

/** Someone who has signed in and connected. */
export interface Guest {
  readonly client: StrategyClient;
  readonly socket: AuthSocket;
  /**
   * Presents to a node what this one presented when it came, whatever it did since: the code of the refusal, or
   * undefined. While the node's store is away it is asked again.
   */
  refusalAt(url: string): Promise<string | undefined>;
}

/** Signs in and connects at `url`. */
export async function arrive(
  strategy: Strategy,
  { username, password }: TestUser,
  url: string,
  options?: AuthSocketOptions,
): Promise<Guest> {
  const { createClient } = await strategy.client();
  const client = createClient({ url });
  await client.signIn(username, password);
  const presented = client.connectOptions();
  const socket = await AuthSocket.connect(client, `${url}/chat`, options);
  onTestFinished(() => socket.close());
  const holder = { ...client, expiresAt: undefined, connectOptions: () => presented };
  const enter = async (node: string) => (await AuthSocket.connect(holder, `${node}/chat`, passive)).close();
  return {
    client,
    socket,
    async refusalAt(node) {
      for (;;) {
        const code = await refusalOf(enter(node));
        if (code !== 'unavailable') return code;
      }
    },
  };
}
