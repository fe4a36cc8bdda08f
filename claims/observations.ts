import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventFrame, connectFrame } from '../harness/app/raw-transport.ts';
import { countPosts, refusalOf, Scenario, say } from '../harness/app/scenario.ts';
import { loadStrategies } from '../strategies/registry.ts';
import type { Strategy } from '../strategies/strategy.ts';
import type { Seen } from './evidence.ts';

/** What small experiments of claims see; `root` is where the sources are. */
export const observations: Readonly<Record<string, (root: string) => Promise<Seen>>> = {
  /** Verbs of each strategy's client. */
  'client-verbs': () =>
    ofEach(async (strategy) => {
      const client = (await strategy.client()).createClient({ url: 'http://127.0.0.1' });
      return Object.values(Object.getOwnPropertyDescriptors(client)).filter(
        ({ value }: PropertyDescriptor) => typeof value === 'function',
      ).length;
    }),
  /** Lines of each strategy's client.ts that are code. */
  'client-lines': (root) =>
    ofEach(async ({ id }) => codeLines(readFileSync(join(root, 'strategies', id, 'client.ts'), 'utf8'))),
  'gateways-that-name-a-strategy': async (root) => {
    const ids = (await strategies()).map(({ id }) => id);
    const folder = join(root, 'gateways');
    const naming = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .filter((file) => {
        const text = readFileSync(join(folder, file), 'utf8');
        return ids.some((id) => text.includes(`/${id}/`) || text.includes(`'${id}'`));
      });
    return { files: naming.length };
  },
  flood,
};

const FLOOD = 3000;

/** One client floods, with the gateways' limits and without. */
async function flood(): Promise<Seen> {
  const [without, having] = [await flooded(false), await flooded(undefined)];
  return {
    sent: FLOOD,
    handledWithout: without.handled,
    handledWith: having.handled,
    cutWith: having.cut,
    servedWith: having.served,
  };
}

async function flooded(limits: false | undefined) {
  const [strategy] = await strategies();
  const scenario = await Scenario.start(strategy!, 'hardened', limits === undefined ? {} : { limits });
  try {
    const handled = countPosts(scenario);
    const presented = (await scenario.signedIn(await scenario.user())).connectOptions();
    const flooder = await scenario.raw(presented);
    flooder.send(connectFrame('/chat', presented.auth));
    await flooder.frame(/^40/);
    for (let event = 0; event < FLOOD; event++) flooder.send(eventFrame('/chat', 'sendMessage', { text: 'flood' }));
    flooder.send(eventFrame('/chat', 'sendMessage', { text: 'last' }, '1'));
    const last = await flooder.frame(/^43/);
    const during = handled();
    const other = await scenario.connect(await scenario.signedIn(await scenario.user()));
    const served = (await refusalOf(say(other))) === undefined;
    // The last one asked for an answer, and is none of the flood.
    return { handled: during - (last?.includes('"id"') ? 1 : 0), cut: last === undefined, served };
  } finally {
    await scenario.dispose();
  }
}

const strategies = async (): Promise<Strategy[]> => (await loadStrategies()).filter(({ role }) => role === 'strategy');

async function ofEach(count: (strategy: Strategy) => Promise<number>): Promise<Seen> {
  const counted = (await strategies()).map(async (strategy) => [strategy.id, await count(strategy)] as const);
  return Object.fromEntries(await Promise.all(counted));
}

/** Neither blank nor comment. */
const codeLines = (source: string): number =>
  source.split('\n').filter((line) => line.trim() !== '' && !/^\s*(?:\/\/|\/?\*)/.test(line)).length;
