import { command } from './command.ts';

const HELP = `Usage: npm run package [-- OPTIONS]

Writes the files of the npm packages nest-ws-auth-lab and nest-ws-audit: ES
modules, CommonJS, and their types. npm pack runs this command first.

  --out DIR   write DIR/lib and DIR/audits/lib (default: in the repository)
  --help`;

await command(HELP, async (args) => (await import('./work/package.ts')).main(args));
