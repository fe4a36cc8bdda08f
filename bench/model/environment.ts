import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { arch, cpus, platform, release, totalmem } from 'node:os';
import type { Environment } from './run-file.ts';

/** Whatever is measured, or measures, in every run. */
const always = [
  '@nestjs/core',
  '@nestjs/websockets',
  'autocannon',
  'express-session',
  'fast-jwt',
  'jose',
  'jsonwebtoken',
  'socket.io',
  'socket.io-client',
  'tinybench',
  'ws',
];

/** What a figure may depend on; no host name, no user, no path. */
export function describeEnvironment(root: string, packages: readonly string[] = []): Described {
  const [first] = cpus();
  return {
    cpu: first?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    cgroup: { cpus: firstLine('/sys/fs/cgroup/cpu.max'), memory: firstLine('/sys/fs/cgroup/memory.max') },
    platform: `${platform()} ${arch()}`,
    kernel: release(),
    node: process.version,
    packages: Object.fromEntries(
      [...new Set([...always, ...packages])].toSorted().map((name) => [name, versionOf(root, name)]),
    ),
    commit: commitOf(root),
    // What earlier runs have left is not what is measured.
    dirty: (git(root, 'status', '--porcelain', '--', '.', ':!results', ':!RESULTS.md', ':!README.md') ?? '') !== '',
  };
}

type Described = Omit<Environment, 'flags' | 'pinned'>;

/** The facts that may not change while a run goes on, in words. */
const decisive = [
  ['cpu', 'the CPU'],
  ['cores', 'the number of cores'],
  ['kernel', 'the kernel'],
  ['node', 'the version of Node'],
  ['commit', 'the commit'],
  ['dirty', 'the presence of uncommitted changes'],
] as const;

/** What two environments differ in that a run cannot go on across; undefined where nothing. */
export function sameMachineAndCode(a: Described, b: Described): string | undefined {
  return decisive.find(([fact]) => a[fact] !== b[fact])?.[1];
}

function firstLine(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').split('\n', 1)[0] ?? null;
  } catch {
    return null;
  }
}

function versionOf(root: string, name: string): string {
  const json = JSON.parse(readFileSync(`${root}/node_modules/${name}/package.json`, 'utf8')) as { version: string };
  return json.version;
}

/** The commit of the repository at `root`; null where there is none. */
export const commitOf = (root: string): string | null => git(root, 'rev-parse', 'HEAD') ?? null;

function git(root: string, ...args: string[]): string | undefined {
  try {
    return execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}
