import { profiles } from '../bench/model/profiles.ts';
import { wrapped } from '../bench/report/lines.ts';
import { command } from './command.ts';

const profileLines = profiles.flatMap(({ id, summary: text }) => wrapped(`${id}: ${text}`, 2, 56));

const HELP = `Usage: npm run bench [-- OPTIONS]

Measures every strategy behind the same gateways: what happens at expiry, what
stays usable after it should have ended, and what authentication costs. Prints a
summary and writes run.json, RESULTS.md and report.html.

  --profile ID          ${profileLines.join('\n                        ')}
  --strategy ID         measure this strategy or peer alone, beside the baseline
  --suite ID            run this suite alone
  --out DIR             where the run goes (default results/local/<profile>)
  --publish             copy the complete run to results/<profile>, and render
                        RESULTS.md and README.md from it
  --resume              go on with the run that was stopped last, or with
                        that in --out; finished blocks are not run again
  --seed N              the seed of every random order (default 1)
  --no-pinning          let servers and load generator use any core; where
                        taskset(1) is installed, each side keeps to one core
  --dry-run             list what would be run and how long it takes, and exit
  --verify-only         only check that valid clients are admitted and others
                        refused, and exit
  --save-baseline NAME  keep the run as results/local/baselines/NAME
  --baseline NAME       compare the run with that baseline
  --list                list strategies, peers, suites and profiles, and exit
  --help

A run changes no tracked file: Git ignores results/local. Only --publish and
npm run publish change RESULTS.md, README.md and what is tracked in results/.
Ctrl-C stops a run and keeps its finished blocks. --resume goes on with it.`;

await command(HELP, async (args) => (await import('./work/bench.ts')).main(args));
