import { setTimeout as delay } from 'node:timers/promises';
import type { Credential } from '../description/credential.ts';
import { expiryOf } from '../description/forgeries.ts';
import type { End } from '../description/owner.ts';
import type { Client } from '../wire/client.ts';
import { type Control, ControlFailed, enter } from './control.ts';
import { type Ended, type EndId, ends, type UnaskedEnd } from './facts.ts';
import type { Link } from './link.ts';
import { receivedBy, revived, whileBroadcasting } from './listen.ts';
import { talk, talkAgain, talkUntilServed } from './talk.ts';
import { requireAlive } from './vital.ts';

/** So many ms after an expiry, a difference between two clocks explains nothing any more. */
const CLOCKS = 2000;
/** A sign-out may take so long to reach every connection, in ms. */
const SPREAD = 500;

interface Ending {
  readonly id: EndId;
  readonly credential: Credential;
  end(): Promise<void>;
  readonly spread: number;
}

/** Ends a credential in each way that the owner has described. The gentlest comes first. */
export async function endings(
  link: Link,
  given: Control,
  onProbe: (what: string) => void,
): Promise<(Ended | UnaskedEnd)[]> {
  const results: (Ended | UnaskedEnd)[] = [];
  let control = given;
  for (const id of Object.keys(ends) as EndId[]) {
    onProbe(ends[id]);
    const ending = await endingOf(link, control, id);
    if ('why' in ending) results.push(ending);
    else {
      results.push(await held(link, control, ending));
      // Without a sign-in, the only credential may have ended by now.
      if (!link.server.isFresh && id !== 'expiry') break;
      const next = await revivedOrNot(link, control);
      if (next === undefined) break;
      control = next;
    }
  }
  const asked = new Set(results.map(({ id }) => id));
  for (const id of (Object.keys(ends) as EndId[]).filter((one) => !asked.has(one)))
    results.push({
      id,
      why: 'no valid client can be had any more: describe a sign-in ("credential.valid.signIn") of another user each time',
    });
  return results;
}

/** The credential to end, and how. */
async function endingOf(link: Link, control: Control, id: EndId): Promise<Ending | UnaskedEnd> {
  const { server } = link;
  if (id === 'expiry') return expiry(link, control);
  const actions: Record<Exclude<EndId, 'expiry'>, readonly [End | undefined, string]> = {
    'sign-out': [server.signOut, 'describe "actions.signOut" (--logout-url)'],
    ban: [server.ban, 'describe "actions.ban"'],
    roles: [server.changeRoles, 'describe "actions.changeRoles"'],
  };
  const [end, why] = actions[id];
  if (end === undefined) return { id, why };
  const credential = server.isFresh ? await server.valid?.() : control.credential;
  if (credential === undefined) return { id, why: 'describe "credential.valid"' };
  return { id, credential, end: () => end(credential), spread: SPREAD };
}

async function expiry(link: Link, control: Control): Promise<Ending | UnaskedEnd> {
  const { server } = link;
  const id = 'expiry';
  const credential = (await (server.short ?? (server.isFresh ? server.valid : undefined))?.()) ?? control.credential;
  if (credential === undefined) return { id, why: 'describe "credential.short": one that expires within --wait' };
  const { expire } = server;
  if (expire !== undefined) return { id, credential, end: () => expire(credential), spread: 0 };
  const at = expiryOf(credential.value);
  const wait = server.patience / 1000;
  if (at === undefined)
    return { id, why: 'the credential does not say when it expires: describe "credential.expired", or pass --hooks' };
  const seconds = Math.round((at - Date.now()) / 1000);
  if (seconds * 1000 > server.patience)
    return {
      id,
      why: `the credential lives for ${seconds} s and --wait allows ${wait} s: describe "credential.short"`,
    };
  if (seconds <= 0) return { id, why: 'the credential has expired already' };
  return { id, credential, end: () => delay(Math.max(0, at - Date.now())), spread: CLOCKS };
}

/** A connection acts and listens; then its credential ends; then it tries both again, and to connect anew. */
async function held(
  link: Link,
  control: Control,
  { id, credential, end, spread }: Ending,
): Promise<Ended | UnaskedEnd> {
  let client: Client;
  try {
    client = await enter(link, credential);
  } catch (error) {
    if (error instanceof ControlFailed) return { id, why: `the credential to end was refused: ${error.message}` };
    throw error;
  }
  const before = await talkUntilServed(link, control, client);
  const isServed = before === 'handled' || before === 'not sent' || control.sample?.answer === 'none';
  if (!isServed)
    return { id, why: `the event was ${before} before the end of the credential, so nothing can be said of after it` };
  await end();
  const since = Date.now();
  await client.until(() => undefined, spread);
  const later = Date.now();
  const ready = await revivedOrNot(link, control);
  const isHeard = ready !== undefined && (await whileBroadcasting(link, ready, () => delay(50))) > 0;
  const received = receivedBy(client, control, later);
  const late = await talkAgain(link, ready ?? control, client);
  const endedAfter = client.isOver ? Math.max(0, client.endedAt! - since) : undefined;
  const how = client.how;
  await requireAlive(link, client);
  client.close();
  const again = await talk(link, ready ?? control, link.learn(credential));
  await again.client.until(() => undefined, 300);
  await requireAlive(link, again.client);
  const isCut = again.client.isAdmitted && again.client.isOver;
  again.client.close();
  return {
    id,
    late,
    received,
    isHeard,
    ...(endedAfter !== undefined && { endedAfter }),
    ...(how !== undefined && { how }),
    again: !again.client.isAdmitted ? 'refused' : again.early === 'handled' ? 'handled' : isCut ? 'cut' : 'admitted',
    lines: client.lines,
    linesAgain: again.client.lines,
  };
}

/** Undefined where no valid client can be had any more: its user has been signed out, too. */
async function revivedOrNot(link: Link, control: Control): Promise<Control | undefined> {
  try {
    return await revived(link, control);
  } catch (error) {
    if (error instanceof ControlFailed) return undefined;
    throw error;
  }
}
