import type { Node } from 'oxc-parser';
import { bare, isNode, nameOf, type NodeOf, nodesIn, type ParsedFile, textIn } from './parsed-file.ts';
import { type Class, type Project, typeOf } from './project.ts';

type Call = NodeOf<'CallExpression'>;

const VERIFIES: Readonly<Record<string, RegExp>> = {
  jsonwebtoken: /^verify$/,
  jose: /^(?:jwtVerify|compactVerify|flattenedVerify|generalVerify|jwtDecrypt)$/,
  '@nestjs/jwt': /^verify(?:Async)?$/,
};
const DECODES: Readonly<Record<string, RegExp>> = {
  jsonwebtoken: /^decode$/,
  jose: /^decodeJwt$/,
  '@nestjs/jwt': /^decode$/,
  'jwt-decode': /^(?:default|\*|jwtDecode|jwt_decode)$/,
};
/** Names of functions that were not read, and that check a credential. */
const CHECKS = /verif|validat|authenti|introspect|check|session|authoriz/i;

/** The package and the function that a call runs: `verify` of `jsonwebtoken`. */
function libraryCall(file: ParsedFile, call: Call): { from: string; name: string } | undefined {
  const origin = file.originOf(call.callee);
  if (origin !== undefined) return origin;
  const callee = bare(call.callee);
  const object = callee.type === 'MemberExpression' ? bare(callee.object) : undefined;
  const name = nameOf(callee);
  if (object?.type !== 'MemberExpression' || name === undefined || bare(object.object).type !== 'ThisExpression')
    return undefined;
  const around = file.around(call).find((one): one is Class => isNode('ClassDeclaration', 'ClassExpression')(one));
  const type = around && typeOf(around, nameOf(object));
  const service = type === undefined ? undefined : file.imports.get(type);
  return service?.name === 'JwtService' && service.from === '@nestjs/jwt' ? { from: service.from, name } : undefined;
}

const isOf = (file: ParsedFile, call: Call, names: Readonly<Record<string, RegExp>>): boolean => {
  const called = libraryCall(file, call);
  return called !== undefined && names[called.from]?.test(called.name) === true;
};

/** A call of a JWT library that throws if the token is not valid. */
export const isVerify = (file: ParsedFile, call: Call): boolean => isOf(file, call, VERIFIES);
export const isJsonWebToken = (file: ParsedFile, call: Call): boolean =>
  isVerify(file, call) && libraryCall(file, call)?.from !== 'jose';

/** A call that reads a token and verifies nothing. */
const isDecode = (file: ParsedFile, call: Call): boolean =>
  (isOf(file, call, DECODES) && !isComplete(call)) || isDecodedByHand(call);

/** With `complete`, the header is wanted: it names the key. */
const isComplete = (call: Call): boolean =>
  call.arguments.some(
    (argument) =>
      argument.type === 'ObjectExpression' &&
      argument.properties.some((one) => one.type === 'Property' && nameOf(one.key) === 'complete'),
  );

/** `JSON.parse(atob(token.split('.')[1]))`, or the same with a Buffer. */
function isDecodedByHand({ callee, arguments: args }: Call): boolean {
  const called = bare(callee);
  if (called.type !== 'MemberExpression' || nameOf(called.object) !== 'JSON' || nameOf(called) !== 'parse')
    return false;
  const inside = args.flatMap((argument) => [...nodesIn(argument)]);
  const isSecondPart = inside.some(
    (node) =>
      node.type === 'MemberExpression' &&
      node.computed &&
      node.property.type === 'Literal' &&
      node.property.value === 1 &&
      isSplit(bare(node.object)),
  );
  return isSecondPart && inside.some((node) => node.type === 'Identifier' && /^(?:atob|Buffer)$/.test(node.name));
}

const isSplit = (node: Node): boolean =>
  node.type === 'CallExpression' && nameOf(bare(node.callee)) === 'split' && textIn(node.arguments[0]) === '.';

const callsIn = (node: Node): Call[] => [...nodesIn(node)].filter((one) => one.type === 'CallExpression');

/**
 * Whether a credential may be checked somewhere in a node. A function that was not read counts as a check if its name says
 * so.
 */
export function mayCheck(project: Project, file: ParsedFile, node: Node, depth = 3): boolean {
  return callsIn(node).some((call) => {
    if (isVerify(file, call)) return true;
    if (isDecode(file, call)) return false;
    const body = project.calledBy(file, call);
    if (body !== undefined) return depth > 0 && mayCheck(project, body.file, body.node, depth - 1);
    return CHECKS.test(nameOf(bare(call.callee)) ?? '') && !/^(?:Array|Number|Object)$/.test(objectOf(call));
  });
}

const objectOf = ({ callee }: Call): string => {
  const called = bare(callee);
  return called.type === 'MemberExpression' ? (nameOf(called.object) ?? '') : '';
};

/** A call that decodes a token. */
export interface Decode {
  readonly file: ParsedFile;
  readonly call: Call;
  /** The call in the node that was looked into, which leads to it. */
  readonly from: Call;
}

/** The calls in a node that decode a token, those of the functions that it calls included. */
export function decodesIn(project: Project, file: ParsedFile, node: Node, depth = 3): Decode[] {
  return callsIn(node).flatMap((call): Decode[] => {
    if (isDecode(file, call)) return [{ file, call, from: call }];
    const body = depth > 0 ? project.calledBy(file, call) : undefined;
    const inner = body === undefined ? [] : decodesIn(project, body.file, body.node, depth - 1);
    return inner.map((decode) => ({ ...decode, from: call }));
  });
}
