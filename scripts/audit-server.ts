#!/usr/bin/env node
/** The audit of somebody's own server, without the rest of the lab: `nest-ws-audit`. */
import { run } from '../audits/cli/main.ts';

await run();
