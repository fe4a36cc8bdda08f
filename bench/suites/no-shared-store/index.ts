import { newSecret, type TestUser } from '../../../harness/app/app.ts';
import { clientHalfOf } from '../../../harness/app/client-half.ts';
import { signInAll } from '../../../harness/app/sign-in.ts';
import { type Server, startServer } from '../../../harness/processes/server.ts';
import { AuthSocket } from '../../../strategies/shared/client/auth-socket.ts';
import { AuthError } from '../../../strategies/shared/errors.ts';
import type { StrategyClient } from '../../../strategies/strategy.ts';
import type { Entry } from '../../model/entry.ts';
import type { Sample } from '../../model/sample.ts';
import { defineSuite, entryBlocks, type Suite } from '../suite.ts';
import { noSharedStoreSection } from './section.ts';

const id = 'no-shared-store';
const takes: Suite['takes'] = ['strategy'];

export default defineSuite<{ readonly clients: number }>({
  id,
  order: 72,
  title: 'On two nodes without a shared store',
  question: 'Which credentials of one node does another node accept if they share only the secret and the users?',
  method:
    'Two nodes are processes with one secret, the same users, and a memory store each. Clients sign in on the first node, and ' +
    'each of them connects to the second one. Before, each node has to accept a client that signed in on it; otherwise the ' +
    'block fails. It fails, too, if a client is turned away for another reason than its credential.',
  profiles: ['nodes'],
  ofNodes: true,
  takes,
  settings: { default: { clients: 20 } },
  section: noSharedStoreSection,
  blocks: (entries, _profile, { clients }) =>
    entryBlocks(
      { id, takes },
      'two nodes',
      entries.filter(({ role }) => role === 'strategy'),
      1,
      { expected: 4 },
      async (entry) => [await admittedElsewhere(entry, clients)],
    ),
});

/** The codes with which a node refuses a credential that it does not accept. */
const refusals: ReadonlySet<string> = new Set(['unauthenticated', 'revoked']);

async function admittedElsewhere({ spec }: Entry, count: number): Promise<Sample> {
  const { createClient } = await clientHalfOf(spec);
  const node = { secret: newSecret() };
  const servers = [await startServer({ spec, node })];
  try {
    servers.push(await startServer({ spec, node }));
    const [first, second] = servers as [Server, Server];
    const [control, ...users] = await first.call.addUsers('guest', count + 1);
    await second.call.adoptUsers([control!, ...users]);
    const admitted = async (some: readonly TestUser[], issuer: Server, other: Server): Promise<number> => {
      const clients = await signInAll(some, () => createClient({ url: issuer.url }));
      const results = await Promise.all(clients.map((client) => isAdmitted(client, other.url)));
      return results.filter(Boolean).length;
    };
    for (const server of servers) {
      const own = await admitted([control!], server, server);
      if (own === 0) throw new Error('a node refused a client that signed in on it');
    }
    const value = (100 * (await admitted(users, first, second))) / count;
    return { metric: 'admitted-elsewhere', value, params: { nodes: 2, store: 'memory', clients: count } };
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

/** @throws where the client is turned away for another reason than its credential */
async function isAdmitted(client: StrategyClient, url: string): Promise<boolean> {
  try {
    const connection = await AuthSocket.connect(client, `${url}/chat`, { recover: false });
    connection.close();
    return true;
  } catch (error) {
    if (error instanceof AuthError && refusals.has(error.code)) return false;
    throw error;
  }
}
