import type { Node } from 'oxc-parser';
import { bare, nameOf, nodesIn, type ParsedFile, textIn } from '../project/parsed-file.ts';
import { type Fault, rule } from '../rule.ts';

const TOKEN =
  /^(?:(?:access|auth|id|jwt|bearer|session|user|api|refresh)?[_-]?(?:token|jwt|auth|authorization|apikey|key|credential|secret|password)|sid|session(?:_?id)?)$/i;

export default rule({
  id: 'token-in-query',
  explains: ['credential-in-url'],
  find: ({ project }) =>
    project.socketFiles.flatMap((file) => [...nodesIn(file.program)].flatMap((node) => faultAt(file, node))),
});

function faultAt(file: ParsedFile, node: Node): Fault[] {
  const name = nameRead(node);
  if (name === undefined || !TOKEN.test(name)) return [];
  return [
    { file, at: node, severity: 'low', seen: `The server takes a credential from the query of the URL (${name}).` },
  ];
}

/** The parameter of a query that a node reads. */
function nameRead(node: Node): string | undefined {
  if (node.type === 'MemberExpression') return isQuery(node.object) ? nameOf(node) : undefined;
  if (node.type === 'CallExpression') {
    const callee = bare(node.callee);
    if (callee.type !== 'MemberExpression' || nameOf(callee) !== 'get') return undefined;
    return nameOf(bare(callee.object)) === 'searchParams' ? textIn(node.arguments[0]) : undefined;
  }
  if (node.type !== 'VariableDeclarator' || node.id.type !== 'ObjectPattern' || !isQuery(node.init)) return undefined;
  const names = node.id.properties.map((one) => (one.type === 'Property' ? nameOf(one.key) : undefined));
  return names.find((name) => name !== undefined && TOKEN.test(name));
}

/** `client.handshake.query`. */
function isQuery(node: Node | null): boolean {
  const query = node && bare(node);
  return query?.type === 'MemberExpression' && nameOf(query) === 'query' && nameOf(bare(query.object)) === 'handshake';
}
