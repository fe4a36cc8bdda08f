import type { Node } from 'oxc-parser';
import { type Gateway, guardOf, type Member } from '../project/gateways.ts';
import { bare, isFunction, isNode, nameOf, nodesIn, ownNodesIn } from '../project/parsed-file.ts';
import { refusalsIn } from '../project/refusals.ts';
import { rule } from '../rule.ts';

/** Nest 12 asks global guards in gateways, too. */
const GLOBAL_GUARD = /\bAPP_GUARD\b|\buseGlobalGuards\b/;
const SENDS = /^(?:emit|join|leave|to|in|broadcast|volatile|send)$/;

export default rule({
  id: 'verdict-after-connect',
  explains: ['acts-before-verdict'],
  find: ({ project, gateways }) =>
    project.mentions(GLOBAL_GUARD)
      ? []
      : gateways.flatMap((gateway) => {
          const hook = gateway.hooks.find(({ name }) => name === 'handleConnection');
          const open = gateway.handlers.filter((handler) => isUnchecked(gateway, handler)).map(({ name }) => name);
          if (hook === undefined || open.length === 0 || !isDecidedLate(hook)) return [];
          const rest = open.length > 2 ? ` and ${open.length - 1} more` : open.length === 2 ? ` and ${open[1]}` : '';
          return [
            {
              file: hook.file,
              at: hook.node.key,
              severity: 'high',
              namespace: gateway.namespace,
              seen: `${hook.name} refuses a client after an await. Until then ${gateway.name} handles ${open[0]}${rest}, which no guard checks.`,
            },
          ];
        }),
});

/** A refusal that comes after an await, or in a callback of a promise. */
function isDecidedLate({ file, node }: Member): boolean {
  const firstAwait = [...ownNodesIn(node.value.body!)].find((one) => one.type === 'AwaitExpression');
  return refusalsIn(node.value).some((refusal) => {
    const around = file.scopeOf(refusal);
    if (around === node.value) return firstAwait !== undefined && firstAwait.start < refusal.start;
    const call = file.parentOf(around);
    return call?.type === 'CallExpression' && /^(?:then|catch|finally)$/.test(nameOf(bare(call.callee)) ?? '');
  });
}

/** A handler without a guard, in which nothing could check its client. */
function isUnchecked({ isGuarded }: Gateway, { file, node }: Member): boolean {
  const { body, params } = node.value;
  if (isGuarded || guardOf(file, node) !== undefined || body === null) return false;
  const clients = new Set(params.flatMap((param) => clientIn(param) ?? []));
  for (const one of nodesIn(body)) {
    const isOfClient = one.type === 'VariableDeclarator' && one.init !== null && mentions(one.init, clients);
    if (isOfClient) for (const name of namesIn(one.id)) clients.add(name);
  }
  return ![...nodesIn(body)].some((one) => {
    if (isNode('IfStatement', 'ConditionalExpression')(one)) return mentions(one.test, clients);
    if (one.type === 'LogicalExpression') return one.operator !== '??' && mentions(one.left, clients);
    if (one.type === 'AwaitExpression') return mentions(one, clients);
    // Its client is given to another function, which may check it.
    return one.type === 'CallExpression' && one.arguments.some((argument) => mentions(argument, clients));
  });
}

/** The name of a parameter, unless it is the body of the message. */
function clientIn(param: Node): string | undefined {
  if (param.type !== 'Identifier') return undefined;
  const isBody = param.decorators?.some(({ expression }) => namesIn(expression).includes('MessageBody'));
  return isBody === true ? undefined : param.name;
}

const namesIn = (node: Node): string[] =>
  [...nodesIn(node)].flatMap((one) => (one.type === 'Identifier' ? [one.name] : []));

/** Whether more is read of a client than what sends to it. */
const mentions = (node: Node, clients: ReadonlySet<string>): boolean =>
  [...nodesIn(node, (inner) => !isFunction(inner) && !isSending(inner, clients))].some(
    (one) => one.type === 'Identifier' && clients.has(one.name),
  );

const isSending = (node: Node, clients: ReadonlySet<string>): boolean =>
  node.type === 'MemberExpression' &&
  node.object.type === 'Identifier' &&
  clients.has(node.object.name) &&
  SENDS.test(nameOf(node) ?? '');
