import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { ofNodes } from '../audits/index.ts';
import { readSources } from './support/sources.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const overRedis = readSources(root).filter(({ path }) => path.startsWith('test/redis/'));

it.each(Object.keys(ofNodes))('%s is the promise of one test over Redis', (id) => {
  expect(overRedis.filter(({ text }) => text.includes(`${id}: \${ofNodes['${id}']}`))).toHaveLength(1);
});
