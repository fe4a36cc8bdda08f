import { type Node, parseSync, visitorKeys } from 'oxc-parser';

/** The nodes that may be of a type. */
export type NodeOf<Type extends Node['type'], One = Node> = One extends Node
  ? Extract<Type, One['type']> extends never
    ? never
    : One
  : never;

/** An imported name: `verify` of `jsonwebtoken`. */
export interface Origin {
  readonly from: string;
  readonly name: string;
}

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Names of an import that stand for the whole module. */
const WHOLE = new Set(['default', '*']);

/** The nodes directly inside a node. */
export function childrenOf(node: Node): Node[] {
  const fields = node as unknown as Record<string, unknown>;
  return (visitorKeys[node.type] ?? [])
    .flatMap((key) => fields[key])
    .filter((child): child is Node => typeof child === 'object' && child !== null);
}

/** A node and all nodes inside it, in the order of the text. `enter` decides whether to look into a node. */
export function* nodesIn(node: Node, enter: (inner: Node) => boolean = () => true): Generator<Node> {
  yield node;
  for (const child of childrenOf(node)) if (enter(child)) yield* nodesIn(child, enter);
}

export const isNode =
  <Type extends Node['type']>(...types: readonly Type[]) =>
  (node: Node | null | undefined): node is NodeOf<Type> =>
    types.some((type) => node?.type === type);

export const isFunction = isNode('FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression');

/** Nodes that run when the function runs: those of inner functions are left out. */
export const ownNodesIn = (node: Node): Generator<Node> => nodesIn(node, (inner) => !isFunction(inner));

/** The value of a text without placeholders. */
export const textIn = (node: Node | null | undefined): string | undefined => {
  if (node?.type === 'Literal' && typeof node.value === 'string') return node.value;
  return node?.type === 'TemplateLiteral' && node.expressions.length === 0
    ? (node.quasis[0]?.value.cooked ?? undefined)
    : undefined;
};

/** The name behind a dot or in brackets, or of a key. */
export function nameOf(node: Node | null | undefined): string | undefined {
  if (node?.type === 'Identifier' || node?.type === 'PrivateIdentifier') return node.name;
  if (node?.type === 'MemberExpression')
    return node.computed ? textIn(node.property) : (nameOf(node.property) ?? undefined);
  return textIn(node);
}

/** An expression without what TypeScript adds to it, and without an optional chain. */
export function bare(node: Node): Node {
  const wraps = isNode(
    'TSAsExpression',
    'TSNonNullExpression',
    'TSSatisfiesExpression',
    'TSTypeAssertion',
    'ParenthesizedExpression',
    'ChainExpression',
  );
  return wraps(node) ? bare(node.expression) : node;
}

/** A source file with its syntax tree. @throws SyntaxError */
export class ParsedFile {
  readonly path: string;
  readonly text: string;
  readonly program: Node;
  readonly imports: ReadonlyMap<string, Origin>;
  readonly #parents = new Map<Node, Node>();
  readonly #lines: number[] = [0];

  constructor(path: string, text: string) {
    const { program, errors } = parseSync(path, text);
    const error = errors.find(({ severity }) => severity.startsWith('Error'));
    if (error !== undefined) throw new SyntaxError(error.message);
    this.path = path;
    this.text = text;
    this.program = program;
    for (const node of nodesIn(program)) for (const child of childrenOf(node)) this.#parents.set(child, node);
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#lines.push(at + 1);
    this.imports = importsOf(program);
  }

  parentOf(node: Node): Node | undefined {
    return this.#parents.get(node);
  }

  /** The nodes around a node, the nearest first. */
  around(node: Node): Node[] {
    const all: Node[] = [];
    for (let one = this.parentOf(node); one !== undefined; one = this.parentOf(one)) all.push(one);
    return all;
  }

  /** The nearest function, method or file around a node. */
  scopeOf(node: Node): Node {
    return this.around(node).find(isFunction) ?? this.program;
  }

  /** Counted from 1, as editors do. */
  positionOf({ start }: Node): Position {
    const line = this.#lines.findLastIndex((begin) => begin <= start);
    return { line: line + 1, column: start - this.#lines[line]! + 1 };
  }

  /** The imported name that an expression stands for. */
  originOf(expression: Node): Origin | undefined {
    const node = bare(expression);
    if (node.type === 'Identifier') return this.imports.get(node.name);
    if (node.type !== 'MemberExpression') return undefined;
    const [object, name] = [this.originOf(node.object), nameOf(node)];
    return object !== undefined && name !== undefined && WHOLE.has(object.name)
      ? { from: object.from, name }
      : undefined;
  }
}

function importsOf(program: Node): ReadonlyMap<string, Origin> {
  const found = new Map<string, Origin>();
  for (const node of childrenOf(program)) {
    if (node.type === 'ImportDeclaration')
      for (const one of node.specifiers)
        found.set(one.local.name, { from: node.source.value, name: importedName(one) });
    if (node.type === 'TSImportEqualsDeclaration' && node.moduleReference.type === 'TSExternalModuleReference')
      found.set(node.id.name, { from: node.moduleReference.expression.value, name: '*' });
  }
  return found;
}

const importedName = (one: NodeOf<'ImportSpecifier' | 'ImportDefaultSpecifier' | 'ImportNamespaceSpecifier'>): string =>
  one.type === 'ImportSpecifier'
    ? (nameOf(one.imported) ?? '')
    : one.type === 'ImportDefaultSpecifier'
      ? 'default'
      : '*';
