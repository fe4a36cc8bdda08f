import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '../wire/client.ts';
import type { Link } from './link.ts';

/** A process that has met its end may serve for so many ms before it is gone. */
const LAST_BREATH = 30;
/** The server is asked again after so many ms, since a restarted listener is not a dead process. */
const AGAIN = 300;

/** The server ended during a probe. */
export class ServerEnded extends Error {
  override readonly name = 'ServerEnded';
  readonly client: Client | undefined;
  /** It answers again: something has restarted it. */
  readonly isBack: boolean;

  constructor(client: Client | undefined, isBack: boolean) {
    super(isBack ? 'the server ended and was started again' : 'the server ended');
    this.client = client;
    this.isBack = isBack;
  }
}

/** Asks whether the server lives on after a probe. @throws ServerEnded */
export async function requireAlive(link: Link, probe: Client | undefined, witnesses: readonly Client[]): Promise<void> {
  await delay(LAST_BREATH);
  const broken = witnesses.filter(({ abrupt }) => abrupt);
  if (await link.accepts()) {
    // All clients of a process break at once when it ends, even if a supervisor starts it again in no time.
    if (witnesses.length > 0 && broken.length === witnesses.length && isAtOnce(broken)) throw new ServerEnded(probe, true);
    return;
  }
  await delay(AGAIN);
  throw new ServerEnded(probe, await link.accepts());
}

const isAtOnce = (clients: readonly Client[]): boolean => {
  const times = clients.map(({ endedAt = 0 }) => endedAt);
  return Math.max(...times) - Math.min(...times) < 100;
};
