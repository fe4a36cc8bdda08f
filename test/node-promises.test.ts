import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { nodePromises } from '../audits/node-promises.ts';
import { readSources } from './support/sources.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const overRedis = readSources(root).filter(({ path }) => path.startsWith('test/redis/'));

it.each(Object.keys(nodePromises))('%s is the promise of one test over Redis', (id) => {
  expect(overRedis.filter(({ text }) => text.includes(`${id}: \${nodePromises['${id}']}`))).toHaveLength(1);
});
