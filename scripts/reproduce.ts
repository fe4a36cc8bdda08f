import { command } from './command.ts';

const HELP = `Usage: npm run reproduce [-- OPTIONS]

Says for each claim of the article whether it holds. It uses the published run
and audit, and small experiments that it runs now on Nest 12 and Nest 11. Writes
claims.json beside the published run, and renders RESULTS.md from it.

  --claim ID   run the experiment of this claim alone and print its verdict;
               writes nothing
  --list       list the claims, and exit
  --help

Exits with 1 if a claim could not be decided.`;

await command(HELP, async (args) => (await import('./work/reproduce.ts')).main(args));
