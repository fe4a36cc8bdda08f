import type { Node } from 'oxc-parser';
import { propertyOf } from './gateways.ts';
import { bare, isNode, nameOf, nodesIn, type ParsedFile, textIn } from './parsed-file.ts';
import { isJsonWebToken } from './tokens.ts';

/** The values that a file gives to jsonwebtoken, or to `JwtModule`, as the secret. */
export function secretsIn(file: ParsedFile): Node[] {
  return [...nodesIn(file.program)].flatMap((node) => {
    if (node.type !== 'CallExpression') return [];
    const [first, second] = node.arguments.map(bare);
    const callee = bare(node.callee);
    const isModule =
      callee.type === 'MemberExpression' &&
      nameOf(callee) === 'register' &&
      file.originOf(callee.object)?.name === 'JwtModule';
    if (isModule) return propertyOf(first, 'secret') ?? [];
    if (!isJsonWebToken(file, node)) return [];
    return file.originOf(callee)?.from === 'jsonwebtoken' ? (second ?? []) : (propertyOf(second, 'secret') ?? []);
  });
}

/** The value that a constant of the same file has. */
export function valueOf(file: ParsedFile, node: Node): Node {
  if (node.type !== 'Identifier') return node;
  const declared = [...nodesIn(file.program)].find(
    (one) => one.type === 'VariableDeclarator' && nameOf(one.id) === node.name,
  );
  return declared?.type === 'VariableDeclarator' && declared.init !== null ? bare(declared.init) : node;
}

/** A text that stands in the source, `fallback` of `process.env.X ?? fallback` included. */
export function literalIn(file: ParsedFile, given: Node): Node | undefined {
  const node = valueOf(file, given);
  if (textIn(node) !== undefined) return node;
  return node.type === 'LogicalExpression' && node.operator !== '&&' ? literalIn(file, bare(node.right)) : undefined;
}

/** Whether a value is a text for sure: a literal, a template, or a variable of the environment. */
export function isText(file: ParsedFile, given: Node): boolean {
  const node = valueOf(file, given);
  if (textIn(node) !== undefined || node.type === 'TemplateLiteral') return true;
  if (node.type === 'LogicalExpression') return isText(file, bare(node.left)) || isText(file, bare(node.right));
  return isNode('MemberExpression')(node) && nameOf(bare(node.object)) === 'env';
}
