/**
 * The CPU time of this process so far, all threads, in ms. As a benchmark's clock it leaves out a wait for another
 * thread, and counts what that thread computes.
 */
export function cpuNow(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
