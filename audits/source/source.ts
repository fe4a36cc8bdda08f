import { existsSync, statSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { TargetError } from '../remote/target.ts';
import type { FindingId } from '../remote/verdict/findings.ts';
import type { Place, Severity } from '../remote/verdict/report.ts';
import type { SourceFindingId } from '../remote/verdict/source-findings.ts';
import { defaultSourceLimits, readSources, type SourceLimits, type SourceText } from './project/files.ts';
import { gatewaysOf } from './project/gateways.ts';
import { ParsedFile } from './project/parsed-file.ts';
import { Project } from './project/project.ts';
import type { Fault, Reading, Rule } from './rule.ts';
import { rules } from './rules/index.ts';

/** A fault of the source, with its place. */
export interface SourceFault {
  readonly id: SourceFindingId;
  readonly severity: Severity;
  readonly place: Place;
  /** The text of its line without spaces around it: it stays the same when other lines move. */
  readonly text: string;
  readonly namespace: string | undefined;
  readonly explains: readonly FindingId[];
}

export interface SourceReport {
  readonly folder: string;
  /** Counts of what was read. */
  readonly files: number;
  readonly gateways: number;
  /** Files that were not read or that could not be parsed, with the reason. */
  readonly unread: readonly string[];
  readonly faults: readonly SourceFault[];
}

/**
 * Reads the source of a server and looks for faults in its gateways. Paths are relative to the working directory, with
 * slashes.
 *
 * @throws TargetError if there is no such folder, or if nothing in it deals with sockets
 */
export function auditSource(folder: string, limits: SourceLimits = defaultSourceLimits): SourceReport {
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new TargetError(`--source takes the folder of the server's TypeScript; there is no folder ${folder}`);
  const { texts, unread } = readSources(folder, limits);
  const from = relative('.', resolve(folder)).replaceAll('\\', '/');
  const read = lookThrough(texts, from);
  if (!read.hasSockets)
    throw new TargetError(
      `Nothing among the ${read.files} TypeScript files in ${folder} deals with sockets: name the folder that has the gateways`,
    );
  const { files, gateways, faults } = read;
  return { folder: from === '' ? '.' : from, files, gateways, faults, unread: [...unread, ...read.unparsed] };
}

interface Looked extends Pick<SourceReport, 'files' | 'gateways' | 'faults'> {
  readonly unparsed: readonly string[];
  readonly hasSockets: boolean;
}

/** Looks for faults in sources whose paths begin at the folder `from`. */
export function lookThrough(texts: readonly SourceText[], from: string): Looked {
  const files: ParsedFile[] = [];
  const unparsed: string[] = [];
  for (const { path, text } of texts) {
    try {
      files.push(new ParsedFile(path, text));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      unparsed.push(`${path} (${error.message})`);
    }
  }
  const project = new Project(files);
  const gateways = gatewaysOf(project);
  return {
    files: files.length,
    gateways: gateways.length,
    unparsed,
    hasSockets: project.socketFiles.length > 0,
    faults: Object.values(rules).flatMap((one) => faultsOf(one, { project, gateways }, from)),
  };
}

/** Each place once, although several gateways may inherit it. */
function faultsOf({ id, explains, find }: Rule, reading: Reading, from: string): SourceFault[] {
  const faults = find(reading).map(({ file, at, severity, seen, namespace }: Fault): SourceFault => {
    const position = file.positionOf(at);
    const path = from === '' ? file.path : `${from}/${file.path}`;
    const text = file.text.split('\n')[position.line - 1]!.trim();
    return { id, severity, namespace, explains, text, place: { file: path, ...position, seen } };
  });
  const keyOf = ({ place }: SourceFault): string => `${place.file}:${place.line}:${place.column}`;
  return [...new Map(faults.map((fault) => [keyOf(fault), fault])).values()];
}
