import { readdirSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Plugin } from 'rolldown';

/** How the catalogue finds its files. A bundle has no folder to look into. */
const FOUND_BY_FOLDER = /await loadFolder\(new URL\('(.+?)', import\.meta\.url\)\)/;

/**
 * Leaves those checks of the audits out that start a server of the lab. An installed package audits over the network alone.
 */
export const auditsFromOutside = (): Plugin => ({
  name: 'audits-from-outside',
  transform: {
    filter: { id: /\/audits\/(?:engine\/catalogue|catalogue\/[^/]+)\.js$/ },
    handler(code, id) {
      if (id.endsWith('/engine/catalogue.js')) return importedByName(code, id);
      const found: Span[] = [];
      collect(this.parse(code), found);
      // From the end, so that the places of the others stay.
      return found.toSorted((a, b) => b.start - a.start).reduce((text, span) => without(text, span), code);
    },
  },
});

function importedByName(code: string, id: string): string {
  const [, folder = ''] = FOUND_BY_FOLDER.exec(code) ?? [];
  const names = readdirSync(fileURLToPath(new URL(folder, pathToFileURL(id)))).filter((name) => name.endsWith('.js'));
  const imports = names.map((name, index) => `import file${index} from '${folder}${name}';`);
  return [...imports, code.replace(FOUND_BY_FOLDER, `[${names.map((_, index) => `file${index}`).join()}]`)].join('\n');
}

interface Span {
  readonly start: number;
  readonly end: number;
}

interface Node extends Span {
  readonly type: string;
  readonly key?: { readonly name?: string };
  readonly callee?: { readonly name?: string };
  readonly arguments?: readonly Node[];
  readonly properties?: readonly Node[];
}

/** Collects the audits that have no `remote`, and the `inside` of the others. */
function collect(value: unknown, found: Span[]): void {
  if (typeof value !== 'object' || value === null) return;
  const node = value as Node;
  const isNeedless = node.type === 'Property' ? node.key?.name === 'inside' : isAuditFromInside(node);
  if (isNeedless) found.push(node);
  else for (const child of Object.values(node)) collect(child, found);
}

function isAuditFromInside({ type, callee, arguments: given = [] }: Node): boolean {
  if (type !== 'CallExpression' || callee?.name !== 'audit') return false;
  return given.at(-1)?.properties?.every(({ key }) => key?.name !== 'remote') ?? false;
}

const without = (code: string, { start, end }: Span): string =>
  code.slice(0, start) + code.slice(code[end] === ',' ? end + 1 : end);
