import type { Node } from 'oxc-parser';
import { bare, isNode, nameOf, type NodeOf, nodesIn, type ParsedFile, textIn } from './parsed-file.ts';
import type { Class, Lineage, Project } from './project.ts';

export type Method = NodeOf<'MethodDefinition'>;

/** A method, and the file that it stands in: that of a base class, perhaps. */
export interface Member {
  readonly file: ParsedFile;
  readonly node: Method;
  readonly name: string;
}

/** A class with `@WebSocketGateway`. */
export interface Gateway {
  readonly file: ParsedFile;
  readonly node: Class;
  readonly name: string;
  /** Undefined if the source does not say it in so many words. */
  readonly namespace: string | undefined;
  readonly options: NodeOf<'ObjectExpression'> | undefined;
  /** The class and its base classes have a guard. */
  readonly isGuarded: boolean;
  readonly hooks: readonly Member[];
  /** The methods with `@SubscribeMessage`. */
  readonly handlers: readonly Member[];
}

const WEB_SOCKETS = '@nestjs/websockets';
const HOOKS = new Set(['handleConnection', 'handleDisconnect', 'afterInit']);

/** The decorator of this name from this package, however it is imported. */
function decoratorOf(
  file: ParsedFile,
  { decorators }: Class | Method,
  name: string,
  from: string,
): NodeOf<'CallExpression'> | undefined {
  for (const { expression } of decorators) {
    if (expression.type !== 'CallExpression') continue;
    const origin = file.originOf(expression.callee);
    if (origin?.name === name && origin.from === from) return expression;
  }
  return undefined;
}

export const guardOf = (file: ParsedFile, node: Class | Method): NodeOf<'CallExpression'> | undefined =>
  decoratorOf(file, node, 'UseGuards', '@nestjs/common');

/** All gateways of a project. */
export function gatewaysOf(project: Project): Gateway[] {
  return project.files.flatMap((file) =>
    [...nodesIn(file.program)].flatMap((node) => {
      if (!isNode('ClassDeclaration', 'ClassExpression')(node)) return [];
      const decorator = decoratorOf(file, node, 'WebSocketGateway', WEB_SOCKETS);
      return decorator === undefined ? [] : [gatewayOf(project, file, node, decorator)];
    }),
  );
}

function gatewayOf(project: Project, file: ParsedFile, node: Class, decorator: NodeOf<'CallExpression'>): Gateway {
  const lineage = project.lineageOf(file, node);
  const members = membersOf(lineage);
  const last = decorator.arguments.at(-1);
  const options = last && bare(last);
  return {
    file,
    node,
    name: node.id?.name ?? 'a gateway',
    namespace: namespaceOf(options),
    options: options?.type === 'ObjectExpression' ? options : undefined,
    isGuarded: lineage.some((one) => guardOf(one.file, one.node) !== undefined),
    hooks: members.filter(({ name }) => HOOKS.has(name)),
    handlers: members.filter((one) => decoratorOf(one.file, one.node, 'SubscribeMessage', WEB_SOCKETS) !== undefined),
  };
}

/** The methods of a class, without those of its base classes that it replaces. */
function membersOf(lineage: readonly Lineage[]): Member[] {
  const found = new Map<string, Member>();
  for (const { file, node } of lineage)
    for (const member of node.body.body) {
      const name = member.type === 'MethodDefinition' ? nameOf(member.key) : undefined;
      if (member.type === 'MethodDefinition' && name !== undefined && !found.has(name))
        found.set(name, { file, node: member, name });
    }
  return [...found.values()];
}

function namespaceOf(options: Node | undefined): string | undefined {
  if (options === undefined || options.type === 'Literal') return '/';
  if (options.type !== 'ObjectExpression') return undefined;
  const value = propertyOf(options, 'namespace');
  const name = value === undefined ? '/' : textIn(value);
  return name === undefined || name.startsWith('/') ? name : `/${name}`;
}

/** The value of a property of a literal object. */
export function propertyOf(object: Node | undefined, name: string): Node | undefined {
  if (object?.type !== 'ObjectExpression') return undefined;
  const found = object.properties.find((one) => one.type === 'Property' && nameOf(one.key) === name);
  return found?.type === 'Property' ? bare(found.value) : undefined;
}
