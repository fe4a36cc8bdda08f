import { setTimeout as delay } from 'node:timers/promises';
import { newSecret } from '../../harness/app/app.ts';
import { clientHalfOf } from '../../harness/app/client-half.ts';
import type { EntrySpec } from '../../harness/app/entry.ts';
import { passive } from '../../harness/app/scenario.ts';
import { forget, newPrefix, type StoreSpec } from '../../harness/app/store.ts';
import { type Server, startServer } from '../../harness/processes/server.ts';
import { AuthSocket } from '../../strategies/shared/client/auth-socket.ts';
import type { AcrossNodes } from './audit-file.ts';
import { spreadOf } from './spread.ts';

const REVOCATIONS = 200;
/** How many users are connected at a time, and are revoked one after the other. */
const AT_ONCE = 20;
/** How long the end of a connection is waited for, in ms. */
const WATCHED = 5000;

/**
 * How long a connection of one node stays open after `WsAuthService.revoke` was called on another, by clients of this process.
 * Each node is a process of its own.
 */
export async function measureAcrossNodes(
  spec: EntrySpec & { kind: 'strategy' },
  given: StoreSpec,
): Promise<AcrossNodes> {
  const store = { ...given, prefix: newPrefix() };
  const node = { store, secret: newSecret() };
  const servers: Server[] = [];
  try {
    for (let index = 0; index < 2; index++) servers.push(await startServer({ spec, node }));
    const [revoking, serving] = servers as [Server, Server];
    const closed: { ms: number; censored: boolean }[] = [];
    for (let round = 0; round < REVOCATIONS / AT_ONCE; round++) {
      const opened = await connectedTo(spec, serving, `user-${round}`);
      for (const one of opened) closed.push(await revoked(revoking, one));
    }
    return { strategy: spec.id, closed: spreadOf(closed) };
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
    await forget(store.url, store.prefix);
  }
}

interface Connected {
  readonly subject: string;
  readonly socket: AuthSocket;
}

async function connectedTo(
  spec: EntrySpec & { kind: 'strategy' },
  server: Server,
  prefix: string,
): Promise<readonly Connected[]> {
  const { createClient } = await clientHalfOf(spec);
  const users = await server.call.addUsers(prefix, AT_ONCE);
  const connected = users.map(async ({ subject, username, password }) => {
    const client = createClient({ url: server.url });
    await client.signIn(username, password);
    return { subject, socket: await AuthSocket.connect(client, `${server.url}/chat`, passive) };
  });
  return Promise.all(connected);
}

/** From the call on the other node to the end of the connection. */
async function revoked(server: Server, { subject, socket }: Connected): Promise<{ ms: number; censored: boolean }> {
  const since = performance.now();
  const ended = socket.ended.then(() => ({ ms: performance.now() - since, censored: false }));
  await server.call.revoke(subject);
  const seen = await Promise.race([ended, delay(WATCHED, { ms: WATCHED, censored: true }, { ref: false })]);
  socket.close();
  return seen;
}
