import type { Node } from 'oxc-parser';
import { bare, nameOf, type NodeOf, nodesIn } from './parsed-file.ts';

const ENDS = /^(?:disconnect|disconnectSockets|close|terminate|destroy)$/;
const OWN = /disconnect|reject|refuse|deny|kick|unauthor/i;

/** The calls that end the connection of a client. */
export function refusalsIn(node: Node): NodeOf<'CallExpression'>[] {
  return [...nodesIn(node)].filter((one) => {
    if (one.type !== 'CallExpression') return false;
    const callee = bare(one.callee);
    const name = nameOf(callee) ?? '';
    if (callee.type !== 'MemberExpression') return OWN.test(name);
    return ENDS.test(name) || (bare(callee.object).type === 'ThisExpression' && OWN.test(name));
  }) as NodeOf<'CallExpression'>[];
}
