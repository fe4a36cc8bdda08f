import type { Node } from 'oxc-parser';
import { bare, nameOf, type NodeOf, nodesIn, type ParsedFile } from './parsed-file.ts';

/** A value that a client has sent with its handshake. */
interface Sent {
  /** The part of the handshake: a header is a text or absent, and any other value may be of any type. */
  readonly part: string;
  readonly node: Node;
}

/** `client.handshake.auth.token`, `handshake.headers.authorization`, or a variable that has the value. */
function sentIn(value: Node, within: Node, depth = 3): Sent | undefined {
  const node = bare(value);
  if (node.type === 'Identifier') {
    const init = initOf(node.name, within);
    return init === undefined || depth === 0 ? undefined : sentIn(init, within, depth - 1);
  }
  const holder = node.type === 'MemberExpression' ? bare(node.object) : undefined;
  const part = nameOf(holder) ?? '';
  const isOfHandshake =
    holder?.type === 'MemberExpression' &&
    nameOf(bare(holder.object)) === 'handshake' &&
    /^(?:auth|query|headers)$/.test(part);
  return isOfHandshake ? { part, node } : undefined;
}

/** The value that a variable begins with, if it is declared in the function. */
function initOf(name: string, within: Node): Node | undefined {
  for (const one of nodesIn(within)) {
    if (one.type !== 'VariableDeclarator' || one.init === null) continue;
    if (one.id.type === 'Identifier' && one.id.name === name) return one.init;
  }
  return undefined;
}

/**
 * Whether a call is of a method that some values of a client do not have: `headers.authorization.split(' ')` of a header that
 * is absent, or `auth.token.replace(...)` of a token that is no text. A check of the value anywhere in the function counts.
 */
export function failsForSome(file: ParsedFile, call: NodeOf<'CallExpression'>, within: Node): boolean {
  const callee = bare(call.callee);
  if (callee.type !== 'MemberExpression') return false;
  const sent = sentIn(callee.object, within);
  if (sent === undefined) return false;
  const isHeader = sent.part === 'headers';
  if (isHeader && (callee.optional || isInOptionalChain(file, sent.node))) return false;
  const names = new Set([nameOf(bare(callee.object)), nameOf(sent.node)]);
  const isAbout = (node: Node): boolean => [...nodesIn(node)].some((one) => names.has(nameOf(one)));
  return ![...nodesIn(within)].some((one) => {
    if (one.type === 'UnaryExpression' && one.operator === 'typeof') return isAbout(one);
    if (one.type === 'CallExpression' && /^(?:isArray|isString|String)$/.test(nameOf(bare(one.callee)) ?? ''))
      return one.arguments.some(isAbout);
    if (!isHeader) return false;
    return (one.type === 'IfStatement' || one.type === 'ConditionalExpression') && isAbout(one.test);
  });
}

const isInOptionalChain = (file: ParsedFile, node: Node): boolean =>
  [...nodesIn(node)].some((one) => one.type === 'MemberExpression' && one.optional) &&
  file.around(node).some((one) => one.type === 'ChainExpression');
