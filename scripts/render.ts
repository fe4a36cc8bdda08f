import { command } from './command.ts';

const HELP = `Usage: npm run render [-- OPTIONS]

Renders all pages anew from what results/published.json names: RESULTS.md, the
tables of README.md, the pages in results/, the JSON Schema of run files, and
the deviations in the README of each strategy.

  --check   write nothing; exit with 1 if a page is not what it is rendered from
  --help`;

await command(HELP, async (args) => (await import('./work/render.ts')).main(args));
