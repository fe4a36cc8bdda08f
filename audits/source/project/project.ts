import { posix } from 'node:path';
import type { Node } from 'oxc-parser';
import { bare, isFunction, isNode, nameOf, type NodeOf, nodesIn, ownNodesIn, type ParsedFile } from './parsed-file.ts';

export type Class = NodeOf<'ClassDeclaration' | 'ClassExpression'>;
export type Callable = NodeOf<'FunctionDeclaration' | 'FunctionExpression' | 'ArrowFunctionExpression'>;

/** A function or method, and the file that it stands in. */
export interface Body {
  readonly file: ParsedFile;
  readonly node: Callable;
}

/** A class and the classes that it extends, as far as they were read. */
export interface Lineage {
  readonly file: ParsedFile;
  readonly node: Class;
}

const isClass = isNode('ClassDeclaration', 'ClassExpression');
const SOCKETS = /^(?:@nestjs\/(?:websockets|platform-socket\.io|platform-ws)|socket\.io|ws)$/;

/** All files that were read. */
export class Project {
  readonly files: readonly ParsedFile[];
  readonly #classes = new Map<string, Lineage[]>();
  readonly #paths: ReadonlyMap<string, ParsedFile>;

  constructor(files: readonly ParsedFile[]) {
    this.files = files;
    this.#paths = new Map(files.map((file) => [file.path.replace(/\.[cm]?ts$/, ''), file]));
    for (const file of files)
      for (const node of nodesIn(file.program)) {
        const name = isClass(node) ? node.id?.name : undefined;
        if (isClass(node) && name !== undefined)
          this.#classes.set(name, [...(this.#classes.get(name) ?? []), { file, node }]);
      }
  }

  /** Files that deal with sockets: gateways, their guards and adapters. */
  get socketFiles(): readonly ParsedFile[] {
    return this.files.filter(
      ({ imports, text }) =>
        [...imports.values()].some(({ from }) => SOCKETS.test(from)) || /\bswitchToWs\b|\.handshake\b/.test(text),
    );
  }

  /** Whether the text of any file matches. */
  mentions(pattern: RegExp): boolean {
    return this.files.some(({ text }) => pattern.test(text));
  }

  /** The only class of this name. */
  classNamed(name: string | undefined): Lineage | undefined {
    const all = this.#classes.get(name ?? '') ?? [];
    return all.length === 1 ? all[0] : undefined;
  }

  /** A class and its base classes, the class first. */
  lineageOf(file: ParsedFile, node: Class): Lineage[] {
    const all: Lineage[] = [{ file, node }];
    for (let one = node.superClass; one !== null && all.length < 10; one = all.at(-1)!.node.superClass) {
      const base = this.classNamed(nameOf(one));
      if (base === undefined || all.some((known) => known.node === base.node)) break;
      all.push(base);
    }
    return all;
  }

  /**
   * The function that a call runs, if it was read: `this.method()`, `super.method()`,
   * `this.service.method()`, or a function by its name.
   */
  calledBy(file: ParsedFile, call: NodeOf<'CallExpression'>): Body | undefined {
    const callee = bare(call.callee);
    if (callee.type === 'Identifier') return this.#functionNamed(file, callee.name);
    const around = file.around(call).find(isClass);
    const method = nameOf(callee);
    if (callee.type !== 'MemberExpression' || method === undefined || around === undefined) return undefined;
    const object = bare(callee.object);
    if (object.type === 'ThisExpression') return this.#methodOf(this.lineageOf(file, around), method);
    if (object.type === 'Super') return this.#methodOf(this.lineageOf(file, around).slice(1), method);
    if (object.type !== 'MemberExpression' || bare(object.object).type !== 'ThisExpression') return undefined;
    const service = this.classNamed(typeOf(around, nameOf(object)));
    return service && this.#methodOf(this.lineageOf(service.file, service.node), method);
  }

  #methodOf(lineage: readonly Lineage[], name: string): Body | undefined {
    for (const { file, node } of lineage) {
      const method = node.body.body.find((one) => one.type === 'MethodDefinition' && nameOf(one.key) === name);
      if (method?.type === 'MethodDefinition' && isFunction(method.value)) return { file, node: method.value };
    }
    return undefined;
  }

  #functionNamed(file: ParsedFile, name: string): Body | undefined {
    const origin = file.imports.get(name);
    if (origin === undefined) return functionIn(file, name);
    if (!origin.from.startsWith('.')) return undefined;
    const path = posix.join(posix.dirname(file.path), origin.from).replace(/\.[cm]?[jt]s$/, '');
    const target = this.#paths.get(path) ?? this.#paths.get(`${path}/index`);
    return target && functionIn(target, origin.name);
  }
}

/** A function of a file, not of another function. */
function functionIn(file: ParsedFile, name: string): Body | undefined {
  for (const node of ownNodesIn(file.program)) {
    if (node.type === 'VariableDeclarator' && nameOf(node.id) === name && isFunction(node.init))
      return { file, node: node.init };
  }
  const declared = [...nodesIn(file.program)].find(
    (node) => node.type === 'FunctionDeclaration' && node.id?.name === name,
  );
  return isFunction(declared) ? { file, node: declared } : undefined;
}

/** The name of the type of a property, or of the constructor's parameter that declares it. */
export function typeOf({ body }: Class, property: string | undefined): string | undefined {
  for (const member of body.body) {
    if (member.type === 'PropertyDefinition' && nameOf(member.key) === property) return typeName(member.typeAnnotation);
    if (member.type !== 'MethodDefinition' || member.kind !== 'constructor') continue;
    for (const param of member.value.params) {
      if (param.type !== 'TSParameterProperty' || param.parameter.type !== 'Identifier') continue;
      if (param.parameter.name === property) return typeName(param.parameter.typeAnnotation);
    }
  }
  return undefined;
}

const typeName = (annotation: Node | null | undefined): string | undefined =>
  annotation?.type === 'TSTypeAnnotation' && annotation.typeAnnotation.type === 'TSTypeReference'
    ? nameOf(annotation.typeAnnotation.typeName)
    : undefined;
