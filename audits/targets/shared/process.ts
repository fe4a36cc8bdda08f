/** Runs one target: `node process.js strangers/no-authentication`. It tells its parent where it listens. */
import 'reflect-metadata';
import { extname } from 'node:path';
import type { AuditTarget } from './target.ts';

const [, , id = ''] = process.argv;
const { default: target } = (await import(new URL(`../${id}${extname(import.meta.url)}`, import.meta.url).href)) as {
  default: AuditTarget;
};
process.on('disconnect', () => process.exit());
process.send?.(await target.serve());
