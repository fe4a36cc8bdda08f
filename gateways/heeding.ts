import type { Report } from '../strategies/strategy.ts';
import { logFailure } from './bounded-log.ts';

/** The report of an application, of which a failure decides nothing: whether it throws, or is async and rejects. */
export function heeding(report: (...event: Parameters<Report>) => unknown): Report {
  const failed = (error: unknown): void => logFailure('Security', 'A security event could not be reported', error);
  return (event) => {
    try {
      Promise.resolve(report(event)).catch(failed);
    } catch (error) {
      failed(error);
    }
  };
}
