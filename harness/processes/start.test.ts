import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { OPTIMIZE } from './without-optimizing.ts';

const compiled = (module: string): string =>
  fileURLToPath(new URL(`../../dist/harness/processes/${module}`, import.meta.url));

/** Calls a new function often, and tells whether V8 has optimized it with TurboFan: bit 6 of its status. */
const IS_OPTIMIZED = `
const isOptimized = (name) => {
  const hot = new Function('x', 'return x + ' + name.length);
  for (let call = 0; call < 3e6; call++) hot(call);
  return (%GetOptimizationStatus(hot) & 64) !== 0;
};
`;

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'start-'))));
afterAll(() => rmSync(folder, { recursive: true }));

it('a process optimizes nothing while it loads or starts its server, unless it is told to, and optimizes hot code afterwards', () => {
  const module = join(folder, 'module.cjs');
  const code = `const { withoutOptimizing } = require(${JSON.stringify(compiled('without-optimizing.js'))});
    isOptimized('the first, which V8 inlines instead');
    const seen = [isOptimized('while it loads')];
    setImmediate(async () => {
      seen.push(isOptimized('once it is loaded'));
      await withoutOptimizing(async () => { await null; seen.push(isOptimized('while it starts')); });
      seen.push(isOptimized('once it has started'));
      await withoutOptimizing(() => { throw new Error('no port'); }).catch(() => {});
      seen.push(isOptimized('after a failure'));
      console.log(seen.join());
    });`;
  writeFileSync(module, IS_OPTIMIZED + code);
  // With the compiler on the same thread, hot code is optimized before the loop ends, on a busy machine too.
  const flags = ['--allow-natives-syntax', '--no-concurrent-recompilation'];
  const printed = (...args: string[]) =>
    execFileSync(process.execPath, [...flags, compiled('start.js'), module, ...args], { encoding: 'utf8' });
  expect(printed()).toBe('false,true,false,true,true\n');
  expect(printed(OPTIMIZE)).toBe('true,true,true,true,true\n');
});
