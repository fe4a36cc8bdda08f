import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { arch, cpus, platform, release, totalmem } from 'node:os';
import type { Environment } from './run-file.ts';

const packages = ['@nestjs/core', '@nestjs/websockets', 'socket.io', 'jose', 'express-session'];

/** What a figure may depend on; no host name, no user, no path. */
export function describeEnvironment(root: string): Environment {
  const [first] = cpus();
  return {
    cpu: first?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    cgroup: { cpus: firstLine('/sys/fs/cgroup/cpu.max'), memory: firstLine('/sys/fs/cgroup/memory.max') },
    platform: `${platform()} ${arch()}`,
    kernel: release(),
    node: process.version,
    packages: Object.fromEntries(packages.map((name) => [name, versionOf(root, name)])),
    commit: git(root, 'rev-parse', 'HEAD') ?? null,
    dirty: (git(root, 'status', '--porcelain') ?? '') !== '',
  };
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

function git(root: string, ...args: string[]): string | undefined {
  try {
    return execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}
