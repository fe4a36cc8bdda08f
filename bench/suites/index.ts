import type { Suite } from '../suite.ts';
import { churn } from './churn.ts';
import { expiry } from './expiry.ts';
import { parseCost } from './parse-cost.ts';
import { verifyTime } from './verify-time.ts';

/** In the order of the report. */
export const suites: readonly Suite[] = [parseCost, verifyTime, churn, expiry];
