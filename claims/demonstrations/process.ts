/** Runs one demonstration, or all, and prints what was seen as JSON, with the Nest that it was seen on. */
import { createRequire } from 'node:module';
import { perilous, demonstrations } from './index.ts';

const [name] = process.argv.slice(2);

if (name !== undefined && name in perilous) {
  const { handled } = await perilous[name]!();
  process.send?.(handled ? 'handled' : 'not handled', () => process.exit(0));
} else {
  const wanted = Object.entries(demonstrations).filter(([id]) => name === undefined || name === id);
  const seen: Record<string, object> = {};
  for (const [id, run] of wanted) seen[id] = await run();
  const { version } = createRequire(import.meta.url)('@nestjs/core/package.json') as { version: string };
  process.stdout.write(`${JSON.stringify({ nest: version, seen })}\n`);
}
