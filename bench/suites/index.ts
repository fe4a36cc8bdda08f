import type { Suite } from '../suite.ts';
import { churn } from './churn.ts';
import { expiry } from './expiry.ts';
import { generator } from './generator.ts';
import { guardCost } from './guard-cost.ts';
import { parseCost } from './parse-cost.ts';
import { platformFloor } from './platform-floor.ts';
import { runtime } from './runtime/index.ts';
import { scale } from './scale.ts';
import { scaling } from './scaling.ts';
import { storm } from './storm.ts';
import { verifyTime } from './verify-time.ts';

/** In the order of the report. */
export const suites: readonly Suite[] = [
  parseCost,
  guardCost,
  verifyTime,
  platformFloor,
  churn,
  scaling,
  scale,
  expiry,
  storm,
  generator,
  runtime,
];
