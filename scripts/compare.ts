import { command } from './command.ts';

const HELP = `Usage: npm run compare -- A B [OPTIONS]

Compares two runs, or two strategies of one run. Prints the conclusion, then
what differs: first what stays usable for longer or loses more, then what costs
more.

  A B                        two run files or their folders; or two strategies,
                             each as ID or ID/VARIANT (hardened by default)
  --all                      also print a table of everything that was compared
  --run RUN                  the run that the strategies are taken from
                             (default: the published run)
  --fail-on-regression PCT   exit with 1 if B is worse than A by more than PCT
                             percent, beyond the noise
  --help`;

await command(HELP, async (args) => (await import('./work/compare.ts')).main(args));
