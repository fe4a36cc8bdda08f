import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '../wire/client.ts';
import type { Link } from './link.ts';

/** A process that has met its end may serve for so many ms before it is gone. */
const LAST_BREATH = 30;
/** The server is asked again after so many ms, since a supervisor may start it again. */
const AGAIN = 300;
/** When a process ends, its connections break within so many ms. */
const AT_ONCE = 100;

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
export async function requireAlive(link: Link, probe: Client | undefined): Promise<void> {
  await delay(LAST_BREATH);
  if (await link.accepts()) {
    if (hasRestarted(link.clients)) throw new ServerEnded(probe, true);
    return;
  }
  await delay(AGAIN);
  throw new ServerEnded(probe, await link.accepts());
}

/** Whether all connections broke at once, though the server answers: a supervisor has started it again. */
function hasRestarted(clients: readonly Client[]): boolean {
  if (clients.some(({ isOpen }) => isOpen)) return false;
  const broken = clients.filter(({ abrupt, isAdmitted }) => abrupt && isAdmitted).map(({ endedAt = 0 }) => endedAt);
  const last = Math.max(...broken);
  return broken.filter((at) => last - at < AT_ONCE).length > 1;
}
