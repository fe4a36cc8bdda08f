import type { Node } from 'oxc-parser';
import { bare, nameOf, type NodeOf, ownNodesIn, type ParsedFile } from './parsed-file.ts';
import { failsForSome } from './handshake.ts';
import type { Body, Project } from './project.ts';
import { isVerify } from './tokens.ts';

/** An error that may leave a function. */
export interface Escape {
  readonly at: Node;
  /** A client alone can cause it, by its credential. */
  readonly isByClient: boolean;
  /** The expression that fails, in words. */
  readonly what: string;
}

/** Calls that do not fail in practice. */
const HARMLESS = /^(?:join|leave|allSettled|delay|sleep|wait|setTimeout|setImmediate|nextTick|emit|catch)$/;

/**
 * The errors that a function does not catch itself: a throw, the refusal of a token, and an awaited call that may fail.
 * Functions that it calls are looked into, if their source was read.
 */
export function escapesOf(project: Project, { file, node }: Body, depth = 3): Escape[] {
  if (node.body === null) return [];
  return [...ownNodesIn(node.body)].flatMap((one): Escape[] => {
    if (isCaught(file, one, node)) return [];
    if (one.type === 'ThrowStatement') return [{ at: one, isByClient: true, what: 'this error' }];
    if (one.type !== 'CallExpression') return [];
    const name = nameOf(bare(one.callee)) ?? 'a function';
    const what = `an error of ${name}()`;
    if (isVerify(file, one)) return [{ at: one, isByClient: true, what }];
    if (failsForSome(file, one, node)) return [{ at: one, isByClient: true, what }];
    if (isHandled(file, one) || HARMLESS.test(name) || /timers/.test(file.originOf(one.callee)?.from ?? '')) return [];
    const body = project.calledBy(file, one);
    if (body !== undefined) {
      const inner = depth > 0 ? escapesOf(project, body, depth - 1) : [];
      return inner.length === 0 ? [] : [{ at: one, isByClient: inner.some(({ isByClient }) => isByClient), what }];
    }
    return isAwaited(file, one) ? [{ at: one, isByClient: false, what }] : [];
  });
}

/** Inside a `try` of the function that has a `catch`. */
function isCaught(file: ParsedFile, node: Node, until: Node): boolean {
  let inner = node;
  for (const outer of file.around(node)) {
    if (outer.type === 'TryStatement' && outer.handler !== null && outer.block === inner) return true;
    if (outer === until) return false;
    inner = outer;
  }
  return false;
}

/** `call().catch(...)`, or `call().then(..., ...)`. */
function isHandled(file: ParsedFile, call: Node): boolean {
  const member = file.parentOf(call);
  const outer = member && file.parentOf(member);
  if (member?.type !== 'MemberExpression' || member.object !== call || outer?.type !== 'CallExpression') return false;
  const name = nameOf(member);
  return name === 'catch' || (name === 'then' && outer.arguments.length > 1) || isHandled(file, outer);
}

const isAwaited = (file: ParsedFile, call: NodeOf<'CallExpression'>): boolean => {
  const parent = file.parentOf(call);
  return (
    parent?.type === 'AwaitExpression' ||
    (parent?.type === 'ChainExpression' && file.parentOf(parent)?.type === 'AwaitExpression')
  );
};
