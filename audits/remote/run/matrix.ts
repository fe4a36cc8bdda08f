import { setTimeout as delay } from 'node:timers/promises';
import type { Carried } from '../description/credential.ts';
import type { Client } from '../wire/client.ts';
import type { Control } from './control.ts';
import { type Observation, standing } from './facts.ts';
import type { Link } from './link.ts';
import { receivedBy, revived, whileBroadcasting } from './listen.ts';
import type { Reply } from './replies.ts';
import { burst, prepare, type Talk, talk, talkAgain } from './talk.ts';
import type { Variant } from './variants.ts';
import { requireAlive } from './vital.ts';

/** A stranger who is still there after so long stays, in ms; one who may send a first message has longer. */
const WATCH = 2500;
const FIRST_MESSAGE = 10_000;
/** How long a listener is given before the next one connects, in ms. */
const APART = 30;
/** How often a client tries that is let in and then cut. */
const TRIES = 3;

interface Row {
  readonly variant: Variant;
  readonly carried: Carried;
  readonly talked: Talk;
  readonly burst?: Talk;
  listener?: Client;
  late?: Reply | 'not sent';
}

/** The observations of the matrix, and how many broadcasts the valid listener received early and late. */
export interface MatrixFacts {
  readonly observations: Observation[];
  readonly heard: { readonly early: number; readonly late: number };
  readonly control: Control;
}

/** Holds every credential of the matrix to CONNECT, to handling and to receiving. @throws ServerEnded */
export async function matrix(
  link: Link,
  given: Control,
  chosen: readonly Variant[],
  onProbe: (what: string) => void,
): Promise<MatrixFacts> {
  let control = given;
  const rows: Row[] = [];
  for (const variant of chosen) {
    onProbe(variant.id);
    const carried = carriedBy(link, variant);
    const talked = await talkedOften(link, control, carried);
    const isLetIn = talked.client.isAdmitted && link.dialect.connects && talked.early !== 'handled';
    const hasty = isLetIn ? await burst(link, control, carried) : undefined;
    if (hasty !== undefined) await requireAlive(link, hasty.client);
    hasty?.client.close();
    rows.push({ variant, carried, talked, ...(hasty && { burst: hasty }) });
    control = await revived(link, control);
  }
  onProbe('receiving');
  const open = rows.filter(({ talked }) => talked.client.isAdmitted);
  const since = Date.now();
  const listen = async (): Promise<void> => {
    for (const row of open) {
      const listener = await link.open(row.carried);
      listener.onAdmitted(() => prepare(link, listener, row.carried));
      row.listener = listener;
      await delay(APART);
    }
  };
  const early = open.length === 0 ? 0 : await whileBroadcasting(link, control, listen);
  await requireAlive(link, rows.at(-1)?.listener ?? rows.at(-1)?.talked.client);
  await watch(open);
  control = await revived(link, control);
  const later = Date.now();
  const isAnybody = open.some(({ talked, listener }) => !talked.client.isOver || listener?.isOver === false);
  const late = isAnybody ? await whileBroadcasting(link, control, () => delay(50)) : 0;
  onProbe('messages after a while');
  for (const row of open) row.late = await talkAgain(link, control, row.talked.client);
  await requireAlive(link, rows.at(-1)?.talked.client);
  const observations = rows.map((row) => observed(row, control, since, later));
  for (const { talked, listener } of rows) {
    talked.client.close();
    listener?.close();
  }
  return { observations, heard: { early, late }, control };
}

/** A client that is let in and cut may be quicker than the server another time: it tries again. */
async function talkedOften(link: Link, control: Control, carried: Carried): Promise<Talk> {
  for (let left = TRIES - 1; ; left--) {
    const talked = await talk(link, control, carried);
    await requireAlive(link, talked.client);
    const isCut = talked.client.isAdmitted && talked.client.isOver && talked.early !== 'handled';
    if (!isCut || left === 0 || link.server.description.event === undefined) return talked;
  }
}

function carriedBy(link: Link, { credential, value }: Variant): Carried {
  if (credential === undefined) return { auth: {}, headers: {}, query: {} };
  return value === undefined ? credential.carry(undefined) : link.learn(credential, value);
}

/** Until nobody of them is left, or everybody has stayed for long enough. */
async function watch(rows: readonly Row[]): Promise<void> {
  const clients = rows.flatMap(({ talked, listener }) => [talked.client, ...(listener ? [listener] : [])]);
  // A stranger with a message to send first may be given time for it; one who sent a wrong one may not.
  const patience = rows.some(({ carried, variant }) => isFirstMessage(carried, variant)) ? FIRST_MESSAGE : WATCH;
  for (const client of clients)
    await client.until(() => undefined, (client.admittedAt ?? Date.now()) + patience - Date.now());
}

const isFirstMessage = (carried: Carried, { credential }: Variant): boolean =>
  carried.message !== undefined || credential?.carry('x').message !== undefined;

function observed(
  { variant, carried, talked, burst: hasty, listener, late }: Row,
  control: Control,
  since: number,
  later: number,
): Observation {
  const { client } = talked;
  const clients = [client, ...(listener ? [listener] : [])];
  const [own, ...others] = clients.map((one) => receivedBy(one, control, since));
  const [ownLate, ...othersLate] = clients.map((one) => receivedBy(one, control, later));
  const best = others.find(({ count }) => count > 0) ?? own!;
  const bestLate = othersLate.find(({ count }) => count > 0) ?? ownLate!;
  const isHeardByOther = best.count > 0 && best !== own;
  const isHasty = hasty?.handledAfter !== undefined && talked.early !== 'handled';
  return {
    id: variant.id,
    carried,
    ...standing(client),
    early: talked.early,
    ...(talked.handledAfter !== undefined && { handledAfter: talked.handledAfter }),
    ...(hasty?.handledAfter !== undefined && { burst: hasty.handledAfter }),
    ...(late !== undefined && { late }),
    received: best,
    receivedLate: bestLate,
    watched: Date.now() - (client.admittedAt ?? client.openedAt),
    lines: isHasty ? hasty.client.lines : isHeardByOther && talked.early !== 'handled' ? listener!.lines : client.lines,
  };
}
