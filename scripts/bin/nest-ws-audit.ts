#!/usr/bin/env node
import { HELP } from '../../audits/cli/help.ts';
import { main } from '../../audits/cli/main.ts';
import { textOf } from '../command.ts';

// This is bundled as CommonJS, which has no top-level await.
main(process.argv.slice(2)).then(
  (code) => void (process.exitCode = code),
  (error: Error) => {
    process.stderr.write(`${textOf(error, HELP)}\n`);
    process.exitCode = 2;
  },
);
