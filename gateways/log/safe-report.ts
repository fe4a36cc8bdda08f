import type { Report } from '../../strategies/strategy.ts';
import { logFailure } from './bounded-log.ts';

/** Wraps an application's `report`: a report that throws, or rejects, is logged and has no other effect. */
export function safeReport(report: (...event: Parameters<Report>) => unknown): Report {
  const failed = (error: unknown): void => logFailure('Security', 'A security event could not be reported', error);
  return (event) => {
    try {
      Promise.resolve(report(event)).catch(failed);
    } catch (error) {
      failed(error);
    }
  };
}
