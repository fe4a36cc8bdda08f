import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { defaultSourceLimits, readSources } from '../source/project/files.ts';
import { auditSource, lookThrough } from '../source/source.ts';
import type * as registry from './registry.ts';

// The targets need their packages, which the build has loaded in a moment.
const compiled = new URL('../../dist/audits/targets/registry.js', import.meta.url).href;
const { loadTargets } = (await import(compiled)) as typeof registry;
const targets = await loadTargets();
const shared = readSources(fileURLToPath(new URL('./shared/', import.meta.url)), defaultSourceLimits).texts.map(
  ({ path, text }) => ({ path: `shared/${path}`, text }),
);

it.each([...targets])('the source of %s shows its fault, if it can, and no other', (id, { shown = [] }) => {
  const file = `${id}.ts`;
  const text = readFileSync(new URL(`./${file}`, import.meta.url), 'utf8');
  const { faults, unparsed } = lookThrough([...shared, { path: file, text }], '');
  expect(unparsed).toEqual([]);
  expect(faults.map((fault) => `${fault.id} ${fault.place.file}`)).toEqual(shown.map((one) => `${one} ${file}`));
});

it.each([
  ['examples', []],
  ['gateways', []],
  // The guide has a session without SameSite. The article's gateway refuses by an exception in its hook.
  [
    'peers',
    [
      'any-origin-with-cookie peers/socket-io-session-how-to/server.ts',
      'uncaught-in-hook peers/article-gateway/chat.gateway.ts',
    ],
  ],
])('the gateways of %s have the faults that are known', (folder, known) => {
  const { faults, gateways } = auditSource(fileURLToPath(new URL(`../../${folder}/`, import.meta.url)));
  expect(gateways).toBeGreaterThan(2);
  expect(faults.map(({ id, place }) => `${id} ${place.file}`)).toEqual(known);
});
