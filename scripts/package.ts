import { command } from './command.ts';

const HELP = `Usage: npm run package [-- OPTIONS]

Writes the files of the npm package: ES modules, CommonJS, and their types.
npm pack runs this command first.

  --out DIR   where they go (default lib)
  --help`;

await command(HELP, async (args) => (await import('./work/package.ts')).main(args));
