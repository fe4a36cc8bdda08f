import type { Carried } from '../description/credential.ts';
import type { Client } from '../wire/client.ts';
import type { Control } from './control.ts';
import type { Link, Opening } from './link.ts';
import { type Reply, replyTo } from './replies.ts';

/** How long the server may take to decide on a client, in ms. */
const DECISION = 2000;
/** The event is sent once more after so many ms: a join or a first message may take that long to be decided. */
const SECOND = 150;
/** A reply is waited for at least so long, and at most, in ms. A valid client's took `answerMs`. */
const LEAST = 500;
const MOST = 2000;
/** A valid client is waited for longer, in ms: a slow server is no finding. */
const VALID = 4000;

/** The outcome of a client that connected and sent the event. */
export interface Talk {
  readonly client: Client;
  /** The reply to the events that were sent at once, and in one burst with CONNECT. */
  readonly early: Reply | 'not sent';
  /** When the last of those was handled, in ms since the admission. */
  readonly handledAfter?: number;
}

interface Sent {
  readonly id: number;
  readonly since: number;
}

/** Does what a client does first, without waiting for any answer. */
export function prepare(link: Link, client: Client, carried: Carried): void {
  if (carried.message !== undefined) client.emit(carried.message.event, carried.message.arguments);
  for (const { event, arguments: args } of link.server.description.before) client.emit(event, args);
}

/** Connects with whatever `carried` holds, sends the event as soon as it is admitted, and reports what came of it. */
export async function talk(link: Link, control: Control, carried: Carried, opening: Opening = {}): Promise<Talk> {
  const { event } = link.server.description;
  const sent: Sent[] = [];
  const say = (client: Client): void => {
    if (event !== undefined) sent.push({ since: Date.now(), id: client.emit(event.event, event.arguments) });
  };
  const client = await link.open(carried, opening);
  client.onAdmitted(() => {
    prepare(link, client, carried);
    say(client);
  });
  await client.decided(DECISION);
  if (!client.isAdmitted) return { client, early: 'not sent' };
  const reply = () => repliesTo(link, control, client, sent);
  const isAnswered = (): true | undefined =>
    reply()?.reply === 'handled' || reply()?.count === sent.length ? true : undefined;
  await client.until(isAnswered, SECOND);
  if (!client.isOver && reply()?.reply !== 'handled') {
    // A refusal may come before a first message or a join is decided.
    await client.until(() => undefined, SECOND - (Date.now() - client.admittedAt!));
    say(client);
    await client.until(isAnswered, Math.min(MOST, Math.max(LEAST, 4 * control.answerMs)));
  }
  const last = reply();
  if (event === undefined || control.sample === undefined) return { client, early: 'not sent' };
  return {
    client,
    early: last?.reply ?? 'no answer',
    ...(last?.reply === 'handled' && { handledAfter: last.at - client.admittedAt! }),
  };
}

/** Sends the event right behind CONNECT, as a client that does not wait. Nothing is kept by this, but much is found. */
export async function burst(link: Link, control: Control, carried: Carried): Promise<Talk> {
  const { event } = link.server.description;
  const sent: Sent[] = [];
  const client = await link.open(carried, {
    // In the next frame but not in the same packet: Socket.IO hangs up on an event that comes with CONNECT.
    ahead(opened) {
      setImmediate(() => {
        prepare(link, opened, carried);
        if (event !== undefined) sent.push({ since: Date.now(), id: opened.emit(event.event, event.arguments) });
      });
    },
  });
  await client.decided(DECISION);
  await client.until(() => (repliesTo(link, control, client, sent)?.reply === 'handled' ? true : undefined), LEAST);
  const last = repliesTo(link, control, client, sent);
  const isHandled = last?.reply === 'handled' && client.isAdmitted;
  return {
    client,
    early: last?.reply ?? 'no answer',
    ...(isHandled && { handledAfter: Math.max(0, last.at - client.admittedAt!) }),
  };
}

/** Sends the event again, long after the admission. */
export async function talkAgain(
  link: Link,
  control: Control,
  client: Client,
  patience = Math.min(MOST, Math.max(LEAST, 4 * control.answerMs)),
): Promise<Reply | 'not sent'> {
  const { event, refusal } = link.server.description;
  if (event === undefined || control.sample === undefined) return 'not sent';
  if (client.isOver) return 'refused';
  const since = Date.now();
  const id = client.emit(event.event, event.arguments);
  const { sample, witness } = control;
  const find = () => replyTo(client, { id, since }, sample, refusal, witness);
  return (await client.until(find, patience)) ?? 'no answer';
}

/** The same for a valid client: one that an asynchronous hook has not decided on yet tries once more. */
export async function talkUntilServed(link: Link, control: Control, client: Client): Promise<Reply | 'not sent'> {
  const patience = control.sample?.answer === 'none' ? LEAST : VALID;
  const reply = await talkAgain(link, control, client, patience);
  if (reply === 'handled' || reply === 'not sent') return reply;
  await client.until(() => undefined, LEAST);
  return talkAgain(link, control, client, patience);
}

/** The best reply to the events sent so far: one that was handled counts for all. */
function repliesTo(
  link: Link,
  { sample, witness }: Control,
  client: Client,
  sent: readonly Sent[],
): { reply: Reply; at: number; count: number } | undefined {
  if (sample === undefined) return undefined;
  const { refusal } = link.server.description;
  const replies = sent.flatMap((one) => {
    const reply = replyTo(client, one, sample, refusal, witness);
    return reply === undefined ? [] : [{ reply, at: client.heard.at(-1)?.at ?? Date.now() }];
  });
  const best =
    replies.find(({ reply }) => reply === 'handled') ??
    replies.find(({ reply }) => reply === 'unclear') ??
    replies.at(-1);
  return best && { ...best, count: replies.length };
}
