import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { commitOf } from '../../bench/model/environment.ts';
import { gather, observed } from '../../claims/gather.ts';
import { claims, verdictsOf } from '../../claims/index.ts';
import { onEveryLine } from '../../claims/lines.ts';
import { observations } from '../../claims/observations.ts';
import type { ClaimsRecord } from '../../claims/record.ts';
import { claimText } from '../../claims/render.ts';
import { among, root } from '../command.ts';
import { publishedAt, publishedAudit, publishedNodes, publishedRun } from '../../publish/published.ts';
import { renderingsAt, write } from '../../publish/renderings.ts';

export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { claim: { type: 'string' }, list: { type: 'boolean', default: false } },
  });
  const onLine = (line: string): void => void process.stderr.write(`${line}\n`);
  if (values.list) {
    for (const { id, says } of claims) process.stdout.write(`${id.padEnd(32)}${says}\n`);
  } else if (values.claim !== undefined) {
    await reproduceOne(values.claim, onLine);
  } else {
    await reproduceAll(args, onLine);
  }
}

async function reproduceOne(id: string, onLine: (line: string) => void): Promise<void> {
  const claim = among('claim', claims, id);
  const bench = fileURLToPath(new URL('../bench.js', import.meta.url));
  const [judged] = verdictsOf(await gather(claim, { root, bench, onLine }), [claim]);
  process.stdout.write(`${claimText(judged!)}\n`);
  if (judged!.verdict.outcome === 'inconclusive') process.exitCode = 1;
}

async function reproduceAll(args: readonly string[], onLine: (line: string) => void): Promise<void> {
  const startedAt = new Date().toISOString();
  const { run: source, audit: auditFile = null } = publishedAt(root);
  const audit = publishedAudit(root);
  if (audit === undefined)
    onLine('No audit is published, so its claims stay inconclusive. Record one: npm run audit -- --publish');
  const recorded = {
    run: publishedRun(root),
    audit,
    nodes: publishedNodes(root),
    platforms: await onEveryLine(root, undefined, onLine),
    observations: await observed(root, Object.keys(observations)),
  };
  const judged = verdictsOf(recorded);
  const record: ClaimsRecord = {
    schemaVersion: 1,
    command: ['npm run reproduce', ...(args.length > 0 ? ['--', ...args] : [])].join(' '),
    startedAt,
    commit: commitOf(root),
    run: source,
    audit: auditFile,
    platforms: recorded.platforms,
    observations: recorded.observations,
    verdicts: Object.fromEntries(judged.map(({ claim, verdict }) => [claim.id, verdict])),
  };
  writeFileSync(join(root, dirname(source), 'claims.json'), `${JSON.stringify(record, null, 1)}\n`);
  write(root, await renderingsAt(root));
  for (const { claim, verdict } of judged)
    process.stdout.write(`${claim.id.padEnd(32)}${verdict.outcome.padEnd(16)}${verdict.figure}\n`);
  if (judged.some(({ verdict }) => verdict.outcome === 'inconclusive')) process.exitCode = 1;
}
