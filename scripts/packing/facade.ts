import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OutputChunk } from 'rolldown';

/**
 * Node gives importers of CommonJS the whole `module.exports` as the default, while bundlers give them its `default`. So
 * the default has a second name, which all of them find.
 */
const DEFAULT = '_default';

/** An export that may change later. Node does not find the names of such exports when it imports CommonJS. */
const GETTER = /Object\.defineProperty\(exports,"(\w+)",\{enumerable:!0,get:function\(\)\{return ([\w$]+)\}\}\)/g;

/** Writes the ES module that re-exports an entry of CommonJS, or its types, and prepares the entry for that. */
export function writeFacade(out: string, { fileName, exports }: Pick<OutputChunk, 'fileName' | 'exports'>): void {
  const isTypes = fileName.endsWith('.d.cts');
  const hasDefault = exports.includes('default');
  const names = exports.filter((name) => name !== 'default');
  const named = isTypes ? '*' : `{ ${names.join(', ')} }`;
  const from = `from './${fileName.slice(fileName.lastIndexOf('/') + 1).replace('.d.', '.')}';\n`;
  const lines = [...(names.length > 0 ? [named] : []), ...(hasDefault ? [`{ ${DEFAULT} as default }`] : [])];
  writeFileSync(join(out, fileName.replace(/c([jt]s)$/, '$1')), lines.map((what) => `export ${what} ${from}`).join(''));
  const added = isTypes ? `export { ${DEFAULT} };` : `exports.${DEFAULT}=exports.default;`;
  // An entry exports at its end, where nothing changes any more.
  const code = readFileSync(join(out, fileName), 'utf8').replaceAll(GETTER, 'exports.$1=$2');
  writeFileSync(join(out, fileName), hasDefault ? `${code}\n${added}\n` : code);
}
