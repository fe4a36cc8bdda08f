import { command } from './command.ts';

const HELP = `Usage: npm run package [-- OPTIONS]

Writes the files of the npm packages nest-ws-auth-lab and nest-ws-audit: ES
modules, CommonJS, and their types. npm pack runs this command first.

  --out DIR       write DIR/lib, DIR/README.md and DIR/audits/lib
                  (default: lib and audits/lib of the repository)
  --readme WHICH  only put a README.md in place: that of the package, or that of
                  the repository. npm pack does both, before and after
  --help`;

await command(HELP, async (args) => (await import('./work/package.ts')).main(args));
