import type { Node } from 'oxc-parser';
import { type Gateway, guardOf } from '../project/gateways.ts';
import { childrenOf, isNode, type ParsedFile } from '../project/parsed-file.ts';
import type { Project } from '../project/project.ts';
import { decodesIn, mayCheck } from '../project/tokens.ts';
import { type Fault, rule } from '../rule.ts';

const BEFORE_CONNECT = /\bextends\s+(?:IoAdapter|WsAdapter)\b|\ballowRequest\b|\bverifyClient\b|\.use\(/;

export default rule({
  id: 'decode-without-verify',
  explains: ['signature-not-verified', 'stranger-acts'],
  refutedBy: ['connect/forged', 'connect/other-secret', 'connect/alg-none'],
  find: ({ project, gateways }) => {
    const files = project.socketFiles;
    // A token that was verified before CONNECT may be decoded afterwards.
    const isVerifiedBefore = files.some(
      (file) => BEFORE_CONNECT.test(file.text) && mayCheck(project, file, file.program),
    );
    if (isVerifiedBefore) return [];
    const faults = files.flatMap((file) => faultsIn(project, gateways, file));
    return faults.filter(({ at }, index) => faults.findIndex((one) => one.at === at) === index);
  },
});

function faultsIn(project: Project, gateways: readonly Gateway[], file: ParsedFile): Fault[] {
  return unitsIn(file.program).flatMap((unit) => {
    if (mayCheck(project, file, unit)) return [];
    const gateway = gateways.find(({ node }) => node === unit);
    return decodesIn(project, file, unit).flatMap((decode): Fault[] => {
      if (gateway !== undefined && isBehindGuard(gateway, decode.from)) return [];
      const seen = 'The token is decoded here, and nothing around it verifies the signature.';
      return [{ file: decode.file, at: decode.call, severity: 'high', namespace: gateway?.namespace, seen }];
    });
  });
}

const isUnit = isNode('ClassDeclaration', 'ClassExpression', 'FunctionDeclaration', 'ArrowFunctionExpression');

/** Classes and functions: a check in one method of a class counts for all of it. */
const unitsIn = (node: Node): Node[] => (isUnit(node) ? [node] : childrenOf(node).flatMap(unitsIn));

/** Inside a handler that a guard is asked about first. */
function isBehindGuard({ handlers, isGuarded }: Gateway, call: Node): boolean {
  const handler = handlers.find(({ node }) => node.start <= call.start && call.end <= node.end);
  return handler !== undefined && (isGuarded || guardOf(handler.file, handler.node) !== undefined);
}
