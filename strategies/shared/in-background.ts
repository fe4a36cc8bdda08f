import { Logger } from '@nestjs/common';

const logger = new Logger('Revocations');

/** For what nobody waits for: a failure is logged by its name. The store itself goes on trying. */
export function inBackground(telling: Promise<unknown>): void {
  telling.catch((error: unknown) => {
    logger.error(`Not every node could be told yet: ${error instanceof Error ? error.name : typeof error}`);
  });
}
