import type { RawTransport } from '../../harness/app/raw-transport.ts';
import { BrokenPromise } from '../broken-promise.ts';
import type { Connected, Probe, Reaction } from './probe.ts';

/** CONNECT is refused. @throws BrokenPromise */
export function expectRefused({ admitted }: Connected, what = 'CONNECT'): void {
  if (admitted) throw new BrokenPromise(`a refusal of ${what}`, 'was admitted');
}

/** CONNECT is admitted. @throws BrokenPromise */
export function expectAdmitted({ admitted }: Connected): void {
  if (!admitted) throw new BrokenPromise('a valid credential to be admitted', 'was refused');
}

interface Opened {
  readonly transport?: RawTransport | undefined;
  /** False where CONNECT was refused. */
  readonly admitted?: boolean;
}

/**
 * The transport of a client that was let in.
 * @throws Error where there is none: what was to be sent on it was not tried, so nothing is known
 */
export function opened({ transport, admitted = true }: Opened): RawTransport {
  if (transport === undefined) throw new Error('the upgrade was refused, so nothing was tried');
  if (!admitted) throw new Error('the valid credential was refused, so nothing was tried');
  return transport;
}

/** A message is handled. @throws BrokenPromise */
export function expectHandled(reaction: Reaction): void {
  if (reaction === 'handled') return;
  throw new BrokenPromise('the message to be handled', reaction === 'refused' ? 'was refused' : 'no answer came');
}

/** A message is not handled. @throws BrokenPromise */
export function expectNotHandled(reaction: Reaction, when: string): void {
  if (reaction === 'handled') throw new BrokenPromise(`a refusal of the message ${when}`, 'was handled');
}

/** The server takes the client out of its namespace, or closes the transport. @throws BrokenPromise */
export async function expectEnded(transport: RawTransport | undefined, when: string): Promise<void> {
  const left = await transport?.frame(/^41/);
  if (left === undefined && transport !== undefined && !(await transport.closes()))
    throw new BrokenPromise(`a silent connection to be ended ${when}`, 'it stayed open');
}

/** The server answers a fresh transport. @throws BrokenPromise */
export async function expectAlive(probe: Probe): Promise<void> {
  if (!(await probe.lives())) throw new BrokenPromise('the server to live on', 'it serves nobody any more');
}
