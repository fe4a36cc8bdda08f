import { command } from './command.ts';

const HELP = `Usage: npm run replicate -- RUN [OPTIONS]

Runs the command of a recorded run on this machine, with the same seed, and says
whether this machine comes to the same verdict on each claim of the article.
Claims are about ratios and orderings, so they carry over; times do not.

  RUN           a folder with run.json and claims.json, such as results/full
  --with RUN    compare with this run of yours instead of measuring one
  --all         also list the claims that agree
  --help

Exits with 1 if a claim comes out differently.`;

await command(HELP, async (args) => (await import('./work/replicate.ts')).main(args));
