import { clientHalfOf } from '../../../harness/app/client-half.ts';
import { signInAll } from '../../../harness/app/sign-in.ts';
import { startServer } from '../../../harness/processes/server.ts';
import { AuthSocket } from '../../../strategies/shared/client/auth-socket.ts';
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
  question: 'Which credentials of one node does another one accept if the two share only their secret?',
  method:
    'Two nodes are processes with one secret, the same users, and a memory store each. Clients sign in on the first node, and ' +
    'each of them connects to the second one. The first node has to accept one of them, too; otherwise the block fails.',
  profiles: ['nodes'],
  ofNodes: true,
  takes,
  settings: {
    default: { clients: 40 },
    smoke: { clients: 5 },
    nodes: { clients: 100 },
  },
  section: noSharedStoreSection,
  blocks: (entries, _profile, { clients }) =>
    entryBlocks(
      { id, takes },
      'two nodes',
      entries.filter(({ role }) => role === 'strategy'),
      1,
      { expected: 4 + clients / 50 },
      async (entry) => [await admittedElsewhere(entry, clients)],
    ),
});

async function admittedElsewhere({ spec }: Entry, count: number): Promise<Sample> {
  const { createClient } = await clientHalfOf(spec);
  const secret = crypto.randomUUID() + crypto.randomUUID();
  const first = await startServer({ spec, node: { secret } });
  const servers = [first];
  try {
    const second = await startServer({ spec, node: { secret } });
    servers.push(second);
    const users = await first.call.addUsers('guest', count);
    await second.call.adoptUsers(users);
    const clients = await signInAll(users, () => createClient({ url: first.url }));
    if (!(await isAdmitted(clients[0]!, first.url)))
      throw new Error('a node refused a client that had signed in on it');
    const admitted = await Promise.all(clients.map((client) => isAdmitted(client, second.url)));
    const value = (100 * admitted.filter(Boolean).length) / count;
    return { metric: 'admitted-elsewhere', value, params: { nodes: 2, store: 'memory', clients: count } };
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

async function isAdmitted(client: StrategyClient, url: string): Promise<boolean> {
  try {
    const connection = await AuthSocket.connect(client, `${url}/chat`, { recover: false });
    connection.close();
    return true;
  } catch {
    return false;
  }
}
