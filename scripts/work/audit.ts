import 'reflect-metadata';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { checkedOn } from '../../audits/checks/advisories.ts';
import { audits } from '../../audits/engine/catalogue.ts';
import { acrossText, brokenOf, differencesOf, insideMatrix, outsideMatrix } from '../../audits/engine/matrix-run.ts';
import { measureAcrossNodes } from '../../audits/engine/across-nodes.ts';
import {
  type AcrossNodes,
  AUDIT_SCHEMA_VERSION,
  type AuditReport,
  type Matrix,
  type StalenessCell,
} from '../../audits/engine/audit-file.ts';
import type { Outside } from '../../audits/engine/outside.ts';
import { nodePromises } from '../../audits/node-promises.ts';
import { quoted } from '../../bench/report/quoted.ts';
import { renderAudit, warningsOf } from '../../audits/report/matrix.ts';
import { measureStaleness } from '../../audits/engine/staleness.ts';
import { killScore } from '../../audits/engine/kill-score.ts';
import type { StoreSpec } from '../../harness/app/store.ts';
import { commitOf } from '../../bench/model/environment.ts';
import { loadPeers } from '../../peers/registry.ts';
import { loadStrategies } from '../../strategies/registry.ts';
import { type Strategy, variantNames } from '../../strategies/strategy.ts';
import { commands, main as auditServer, standard } from '../../audits/cli/main.ts';
import { serverOptions } from '../../audits/cli/options.ts';
import { targets } from '../../audits/cli/targets.ts';
import { among, root, UsageError } from '../command.ts';
import { publishAs, publishedAt, publishedAudit } from '../../publish/published.ts';
import { LOCAL } from '../../publish/publish.ts';
import { renderingsAt, write } from '../../publish/renderings.ts';
import { storeOf, storeOptions, tryStore, withoutUrl } from '../store-option.ts';

const options = {
  strategy: { type: 'string' },
  only: { type: 'string' },
  out: { type: 'string' },
  publish: { type: 'boolean', default: false },
  list: { type: 'boolean', default: false },
  ...storeOptions,
} as const;

/** Whether the arguments are for a server of the user's own, and not for the strategies here. */
function isForServer(args: readonly string[]): boolean {
  if (Object.hasOwn(commands, args[0] ?? '')) return true;
  const names = args.flatMap((arg) => /^--([\w-]+)/.exec(arg)?.[1] ?? []);
  return names.some((name) => Object.hasOwn(serverOptions, name));
}

export async function main(args: string[]): Promise<void> {
  if (args[0] === 'targets') {
    process.exitCode = await targets(args.slice(1), standard);
    return;
  }
  if (isForServer(args)) {
    process.exitCode = await auditServer(args);
    return;
  }
  const { values } = parseArgs({ args, options });
  const all = (await loadStrategies()).filter(({ role }) => role !== 'template');
  const strategies = values.strategy === undefined ? all : [among('strategy', all, values.strategy)];
  const chosen = values.only === undefined ? audits : [among('audit', audits, values.only)];
  if (values.list) {
    for (const { id, promise, source, remote } of chosen) {
      const notes = [source, remote && 'also with --url'].filter((note) => note !== undefined);
      process.stdout.write(`${id.padEnd(28)}${promise}${notes.length === 0 ? '' : ` (${notes.join('; ')})`}\n`);
    }
    process.stdout.write('\nOf several nodes: npm test holds them over Redis.\n\n');
    for (const [id, promise] of Object.entries(nodePromises)) process.stdout.write(`${id.padEnd(28)}${promise}\n`);
    return;
  }
  const store = storeOf(values);
  const narrowed = values.only !== undefined || store !== undefined;
  const whole = !narrowed && values.strategy === undefined;
  if (values.publish && (!whole || values.out !== undefined))
    throw new UsageError('--publish is for a whole audit: leave out --strategy, --only, --store and --out');
  if (store !== undefined) await tryStore(store);
  const startedAt = new Date();
  const onColumn = (line: string): void => void process.stderr.write(`${line}\n`);
  const inside = await insideMatrix(strategies, chosen, onColumn, store);
  const outside = await outsideMatrix(narrowed ? [] : await outsideOf(strategies), onColumn);
  const staleness = narrowed ? [] : await stalenessOf(strategies, onColumn);
  const acrossNodes =
    store === undefined || values.only !== undefined ? [] : await acrossNodesOf(strategies, store, onColumn);
  const mutants = whole ? await killScore() : null;
  const report: AuditReport = {
    schemaVersion: AUDIT_SCHEMA_VERSION,
    command: ['npm run audit', ...(args.length > 0 ? ['--', ...withoutUrl(args)] : [])].join(' '),
    startedAt: startedAt.toISOString(),
    seconds: (Date.now() - startedAt.getTime()) / 1000,
    commit: commitOf(root),
    advisoriesOf: checkedOn,
    inside,
    outside,
    staleness,
    ...(acrossNodes.length > 0 && { acrossNodes }),
    mutants,
  };
  const out = values.out ?? join(root, values.publish ? join('results', 'audit') : join(LOCAL, 'audit'));
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'audit.json'), `${JSON.stringify(report, null, 1)}\n`);
  writeFileSync(join(out, 'AUDIT.md'), renderAudit(report));
  if (values.publish) {
    publishAs(root, 'audit', relative(root, join(out, 'audit.json')));
    write(root, await renderingsAt(root));
  }
  process.stdout.write(`Report: ${quoted(relative(process.cwd(), join(out, 'AUDIT.md')))}\n`);
  const broken = [...brokenOf(report), ...(store === undefined ? [] : unlikeInMemory(inside))];
  for (const line of [...broken, ...warningsOf(report)]) process.stderr.write(`${line}\n`);
  if (broken.length > 0) process.exitCode = 1;
}

/** Strategies in both variants, and the peers unless one strategy was asked for. */
async function outsideOf(strategies: readonly Strategy[]): Promise<Outside[]> {
  const own = strategies.flatMap(({ id, title }) =>
    variantNames.map((variant): Outside => ({ spec: { kind: 'strategy', id, variant }, title })),
  );
  const peers = strategies.length === 1 ? [] : await loadPeers();
  return [...own, ...peers.map(({ id, title }): Outside => ({ spec: { kind: 'peer', id }, title }))];
}

/** How long credentials stay usable after their end. One strategy runs at a time, so that it has the machine to itself. */
async function stalenessOf(
  strategies: readonly Strategy[],
  onColumn: (line: string) => void,
): Promise<StalenessCell[]> {
  const cells: StalenessCell[] = [];
  for (const { id } of strategies.filter(({ role }) => role === 'strategy')) {
    for (const variant of variantNames) {
      const measured = await measureStaleness({ kind: 'strategy', id, variant }, ({ end, handled }) =>
        onColumn(`${id} ${variant}: ${end}: last handled act after ${handled?.p99 ?? '?'} ms (p99)`),
      );
      cells.push(...measured);
    }
  }
  return cells;
}

/** How long connections of one node stay open after a revocation on another. */
async function acrossNodesOf(
  strategies: readonly Strategy[],
  store: StoreSpec,
  onColumn: (line: string) => void,
): Promise<AcrossNodes[]> {
  const all: AcrossNodes[] = [];
  for (const { id } of strategies.filter(({ role }) => role === 'strategy')) {
    const measured = await measureAcrossNodes({ kind: 'strategy', id, variant: 'hardened' }, store);
    onColumn(acrossText(measured));
    all.push(measured);
  }
  return all;
}

/** Results over a shared store that differ from the recorded ones in memory. Prints how many are the same. */
function unlikeInMemory(inside: Matrix): string[] {
  const recorded = publishedAudit(root);
  if (recorded === undefined) return [];
  const { asked, lines } = differencesOf(recorded.inside, inside);
  process.stdout.write(
    `${asked - lines.length} of ${asked} results are the same as in memory (${publishedAt(root).audit})\n`,
  );
  return lines;
}
