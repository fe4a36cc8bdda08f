import type { Environment } from '../model/run-file.ts';

/** The facts about the machine of a run, as pairs of name and text. Every page prints them. */
export function machineFacts(environment: Environment): [string, string][] {
  const { cpu, cores, memoryGiB, cgroup, platform, kernel, node, packages, flags, pinned } = environment;
  const limits = [cgroup.cpus && `cpu.max ${cgroup.cpus}`, cgroup.memory && `memory.max ${cgroup.memory}`];
  const versions = Object.entries(packages).map(([name, version]) => `${name} ${version}`);
  return [
    ['CPU', `${cpu}, ${cores} cores`],
    ['Memory', `${memoryGiB} GiB`],
    ['Limits', limits.filter(Boolean).join(', ') || 'none seen'],
    ['System', `${platform}, kernel ${kernel}`],
    ['Node', [node, ...flags].join(' ')],
    ['Pinned', pinned === null ? 'no' : `the generator to core ${pinned.generator}, servers to core ${pinned.servers}`],
    ['Packages', versions.join(', ')],
  ];
}
