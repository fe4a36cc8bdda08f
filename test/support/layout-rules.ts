import { posix } from 'node:path';
import { roomOf } from './rooms.ts';
import { type Import, isCode, isIn, isTest, type Source } from './sources.ts';

/** What breaks a rule, a line each; none where it is kept. */
export type Rule = (sources: readonly Source[]) => string[];

const LONGEST = 250;
const CONTRACT = 'strategies/strategy.ts';
const SHARED = 'strategies/shared';

/** The names of the strategies' folders. */
export function strategyIds(sources: readonly Source[]): string[] {
  const folders = sources.map(({ path }) => /^strategies\/([^/]+)\//.exec(path)?.[1]);
  return [...new Set(folders)].filter((folder) => folder !== undefined && folder !== 'shared') as string[];
}

export const foldersAreWhole: Rule = (sources) => {
  const paths = new Set(sources.map(({ path }) => path));
  return strategyIds(sources)
    .flatMap((id) =>
      ['index.ts', `${id}.module.ts`, `${id}.authenticator.ts`, 'client.ts', 'README.md'].map(
        (name) => `strategies/${id}/${name}`,
      ),
    )
    .filter((path) => !paths.has(path))
    .map((path) => `${path} is missing`);
};

const isClient = ({ path }: Source): boolean => /^(?:strategies|peers)\/[^/]+\/client\.ts$/.test(path);
const ofClients = /^strategies\/shared\/(client\/.*|errors)\.ts$/;

export const clientsTakeTypesFromTheServer: Rule = (sources) =>
  findings(
    sources.filter(isClient),
    (_, { target, typeOnly }) => !typeOnly && isIn('strategies', target) && !ofClients.test(target),
  );

const ofServers = /^(@nestjs\/|express|passport|jsonwebtoken|socketio-jwt|socket\.io$|node:)/;

/** Follows what is left of a client once compiled. */
export const clientsRunInABrowser: Rule = (sources) => {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const reached = new Set(sources.filter(isClient));
  for (const source of reached) {
    for (const { target, typeOnly } of source.imports) {
      const next = byPath.get(target);
      if (next !== undefined && !typeOnly) reached.add(next);
    }
  }
  return findings([...reached], (_, { target, typeOnly }) => !typeOnly && ofServers.test(target));
};

/** Gateways may import the contract, the files directly in shared/, and those with a default or a limit of their options. */
const isForGateways = (target: string): boolean =>
  target === CONTRACT ||
  [SHARED, `${SHARED}/contract`].includes(posix.dirname(target)) ||
  ['stores/memory/index.ts', 'access-tokens/extract-token.ts', 'accounts/session-limit.ts'].some(
    (file) => target === `${SHARED}/${file}`,
  );

export const gatewaysKnowNoStrategy: Rule = (sources) =>
  findings(
    code(sources, 'gateways'),
    (_, { target }) => !isPackage(target) && !isIn('gateways', target) && !isForGateways(target),
  );

export const strategiesKnowNoOther: Rule = (sources) =>
  findings(code(sources, 'strategies'), ({ path }, { target }) => {
    const [own = ''] = /^strategies\/[^/]+(?=\/)/.exec(path) ?? [];
    return !isPackage(target) && target !== CONTRACT && !isIn(SHARED, target) && !isIn(own, target);
  });

/** A peer knows the contract, the code that a server of its own needs, and no other peer. */
const ofPeers = new Set([
  CONTRACT,
  'gateways/example/chat.service.ts',
  'peers/peer.ts',
  `${SHARED}/accounts/directory.ts`,
  `${SHARED}/client/http-client.ts`,
  `${SHARED}/errors.ts`,
  `${SHARED}/folder-registry.ts`,
]);

export const peersKnowNoOther: Rule = (sources) =>
  findings(code(sources, 'peers'), ({ path }, { target }) => {
    const [own = ''] = /^peers\/[^/]+(?=\/)/.exec(path) ?? [];
    return !isPackage(target) && !ofPeers.has(target) && !isIn('peers/shared', target) && !isIn(own, target);
  });

/** Behaviour that differs is in the manifest, or in a method. */
export const noStrategyIsSingledOut: Rule = (sources) => {
  const id = `['"\`](?:${strategyIds(sources).join('|')})['"\`]`;
  const same = '[!=]==?';
  const singled = new RegExp(
    `strategy\\.id\\s*${same}|switch \\(.*strategy\\.id\\)|(?:${same}|\\bcase)\\s*${id}|${id}\\s*${same}|${id}[^\\]]*\\]\\.(?:includes|indexOf)\\(`,
  );
  return linesOf(sources.filter(isCode), singled);
};

export const filesAreShort: Rule = (sources) =>
  sources
    .filter((source) => isCode(source) && source.text.trimEnd().split('\n').length > LONGEST)
    .map(({ path }) => `${path} is longer than ${LONGEST} lines`);

// A letter in brackets, so that this file keeps its own rule.
export const nothingIsLeftForLater: Rule = (sources) =>
  linesOf(sources, /\b(?:TO[D]O|FIX[M]E|XX[X]|HA[C]K)\b|(?:\/\/|\*|#) *to[d]o\b/);

export const noPathIsOfOneMachine: Rule = (sources) =>
  linesOf(sources, /(?<![\w.:/-])\/(?:home|root|Users|work|tmp|mnt|opt|private)\/\w|\b[A-Z]:\\\w/);

/** Other test files run in the same process, and would get the fake module or time too. */
export const whatFakesModulesOrTimeIsIsolated: Rule = (sources) =>
  linesOf(
    sources.filter(({ path }) => path.endsWith('.test.ts') && !path.endsWith('.isolated.test.ts')),
    /\bvi\.(?:(?:do)?[mM]ock|hoisted|useFakeTimers|setSystemTime|resetModules)\(|\bspyOn\((?:Date|performance)\b/,
  );

const isPackage = (target: string): boolean => roomOf(target) === undefined && !target.startsWith('..');

function code(sources: readonly Source[], room: string): Source[] {
  return sources.filter((source) => isIn(room, source.path) && !isTest(source));
}

function findings(sources: readonly Source[], broken: (source: Source, imported: Import) => boolean): string[] {
  return sources.flatMap((source) =>
    source.imports
      .filter((imported) => broken(source, imported))
      .map(({ target }) => `${source.path} imports ${target}`),
  );
}

function linesOf(sources: readonly Source[], pattern: RegExp): string[] {
  return sources.flatMap(({ path, text }) =>
    text
      .split('\n')
      .map((line, index) => ({ line, at: `${path}:${index + 1}` }))
      .filter(({ line }) => pattern.test(line))
      .map(({ line, at }) => `${at} ${line.trim()}`),
  );
}
