import { command } from './command.ts';

const HELP = `Usage: npm run publish -- RUN

Publishes a run that you have looked at. This is what changes tracked files:
the run is copied to results/<profile>, or to results/<suite> if it is a run of
one suite. Then RESULTS.md, README.md and all other pages are rendered from it.

  RUN      a folder with a run.json, such as results/local/full
  --help

A run must be complete, of all strategies, and of a profile other than smoke.`;

await command(HELP, async (args) => (await import('./work/publish.ts')).main(args));
