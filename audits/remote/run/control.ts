import { setTimeout as delay } from 'node:timers/promises';
import type { Carried, Credential } from '../description/credential.ts';
import type { Answer } from '../description/schema.ts';
import { TargetError } from '../target.ts';
import type { Client, Heard } from '../wire/client.ts';
import type { Link } from './link.ts';
import { judged, replyTo, type Sample } from './replies.ts';

/** How long the server may take to decide on a valid client, and to answer it, in ms. */
const DECISION = 4000;
const ANSWER = 3000;
/** How long a first message or a join is waited for, in ms. */
const PREPARED = 400;
/** A valid client that is cut within this time was not admitted after all, in ms. */
const SETTLED = 400;
/** An ack may follow the event that the handler sends, by so many ms. */
const BEHIND = 150;
/** How long a server that only pushes is listened to before the audit gives up, in ms. */
const PUSHES = 6000;
/** Greetings come with the admission; anything later is a push. In ms. */
const GREETING = 100;

/** Events that keep a connection alive and tell nothing. */
const HEARTBEAT = /^(?:ping|pong|heartbeat|keep-?alive)$/i;

/** The abilities of a valid client. If it cannot do something, the audit says nothing about others who try the same. */
export interface Control {
  readonly credential: Credential | undefined;
  /** A valid client that listens for the whole run. */
  readonly witness: Client;
  /** A valid client that has sent the event. */
  readonly talker: Client;
  /** How its event was answered; undefined where no event is described. */
  readonly sample: Sample | undefined;
  /** How long the answer took, in ms. */
  readonly answerMs: number;
  /** The events that a valid listener receives from the actions of others. */
  readonly broadcasts: ReadonlySet<string>;
  /** They come by themselves, and not from an event that another client sends. */
  readonly isPushed: boolean;
}

/** The valid client did not succeed: nothing can be said of others. */
export class ControlFailed extends TargetError {}

/** @throws ControlFailed */
export async function control(link: Link): Promise<Control> {
  const { server } = link;
  const { event, receives } = server.description;
  const credential = await server.valid?.();
  const witness = await firstEntry(link, credential);
  const other = (await (server.second ?? (server.isFresh ? server.valid : undefined))?.()) ?? credential;
  const talker = await enter(
    link,
    other,
    ' It was admitted once in this run: a credential that works once, or a user who may connect once, needs "credential.valid.signIn".',
  );
  // An asynchronous hook may still decide on them, and cut them or begin to serve them.
  await talker.until(() => undefined, SETTLED);
  for (const client of [witness, talker]) {
    if (!client.isOver || (client === witness && !talker.isOver)) continue;
    const how = `was admitted and cut after ${client.stayed} ms: ${client.how}`;
    throw new ControlFailed(`${whose(credential)} ${how}. ${hint(link)}`);
  }
  const pushed = (): string[] => namesOf(witness.heard.filter(({ at }) => at > witness.admittedAt! + GREETING));
  if (event === undefined) {
    await witness.until(() => (pushed().some((name) => isTelling(name, receives)) ? true : undefined), PUSHES);
    const names = pushed().filter((name) => isTelling(name, receives));
    return { credential, witness, talker, sample: undefined, answerMs: 0, broadcasts: new Set(names), isPushed: true };
  }
  const noise = new Set(pushed());
  const since = Date.now();
  const id = talker.emit(event.event, event.arguments);
  const sample = await sampleOf(link, talker, witness, { id, since, noise });
  const answerMs = Date.now() - since;
  await witness.until(() => undefined, BEHIND);
  const caused = namesOf(witness.heard.filter(({ at }) => at >= since));
  const names = caused.filter((name) => isTelling(name, receives));
  const isPushed = names.length > 0 && names.every((name) => noise.has(name));
  return { credential, witness, talker, sample, answerMs, broadcasts: new Set(names), isPushed };
}

const isTelling = (name: string, receives: readonly string[] | undefined): boolean =>
  receives === undefined ? !HEARTBEAT.test(name) : receives.includes(name);

const namesOf = (heard: readonly Heard[]): string[] => [
  ...new Set(heard.filter(({ kind }) => kind === 'event').map(({ name }) => name)),
];

/** Tries the transports in their order. @throws ControlFailed */
async function firstEntry(link: Link, credential: Credential | undefined): Promise<Client> {
  const { transports } = link;
  for (const transport of transports.slice(0, -1)) {
    link.transport = transport;
    const client = await link.open(credential === undefined ? NOTHING : link.learn(credential));
    await client.decided(DECISION);
    client.close();
    // A server without the transport answers the upgrade by an HTTP error, or closes it without a word.
    if (client.isAdmitted || client.how?.startsWith('CONNECT')) return enter(link, credential);
  }
  link.transport = transports.at(-1)!;
  return enter(link, credential);
}

/** Opens a valid client, and does what a client does first. @throws ControlFailed */
export async function enter(link: Link, credential: Credential | undefined, more = ''): Promise<Client> {
  const carried = credential === undefined ? NOTHING : link.learn(credential);
  const client = await link.open(carried);
  await client.decided(DECISION);
  if (!client.isAdmitted) {
    const how = client.how ?? `there was no answer within ${DECISION / 1000} s`;
    throw new ControlFailed(
      `${whose(credential)} was not admitted to ${placeOf(link)}: ${how}. ${hint(link, how)}${more}`,
    );
  }
  for (const { event, arguments: args } of [
    ...(carried.message ? [carried.message] : []),
    ...link.server.description.before,
  ]) {
    const before = client.heard.length;
    client.emit(event, args);
    await client.until(() => (client.heard.length > before ? true : undefined), PREPARED);
  }
  return client;
}

export const NOTHING: Carried = { auth: {}, headers: {}, query: {} };

const whose = (credential: Credential | undefined): string =>
  credential === undefined ? 'A client without a credential (none is described)' : 'The valid credential';

function placeOf({ server: { description }, transport }: Link): string {
  const { url, namespace, platform, path = platform === 'ws' ? '/' : '/socket.io/' } = description;
  return `${url} (path ${path}${platform === 'ws' ? '' : `, namespace ${namespace}, ${transport}`})`;
}

/** The changes that the owner can make. */
function hint({ server: { description, valid } }: Link, how = ''): string {
  if (/invalid namespace/i.test(how)) return `No gateway has this namespace: change "namespace" (--namespace)`;
  if (valid === undefined) return 'Describe a credential ("credential", --credential-file)';
  return `Check that it has not expired, and where it goes: it is sent at ${[description.credential.at].flat().join(', ')} ("credential.at", --credential-at)`;
}

/** How the valid client is answered. @throws ControlFailed where it is not, or is refused */
async function sampleOf(
  link: Link,
  talker: Client,
  witness: Client,
  { id, since, noise }: { readonly id: number; readonly since: number; readonly noise: ReadonlySet<string> },
): Promise<Sample | undefined> {
  const { event, refusal } = link.server.description;
  const described = event?.answer;
  if (described === 'none') {
    const sample = { answer: described, args: [] };
    const reply = await talker.until(() => replyTo(talker, { id, since }, sample, refusal), ANSWER / 3);
    if (reply !== 'refused') return sample;
    throw new ControlFailed(
      `The event ${event?.event} of the valid client was refused. Change "event", its "arguments" or "before"`,
    );
  }
  const sample =
    described === undefined ? await observed(talker, witness, { id, since, noise }) : { answer: described, args: [] };
  const reply = sample && (await talker.until(() => replyTo(talker, { id, since }, sample, refusal, witness), ANSWER));
  const heard = talker.heard.filter(({ at }) => at >= since);
  if (sample === undefined || reply === undefined || reply === 'refused') {
    const seen = heard.length === 0 ? 'nothing was heard' : `heard: ${heard.map(told).join(', ')}`;
    const state = talker.isOver ? `; ${talker.how}` : '';
    throw new ControlFailed(
      `The event ${event?.event} of the valid client was ${reply === 'refused' ? 'refused' : `not answered within ${ANSWER / 1000} s`} (${seen}${state}). ` +
        'Change "event", its "arguments", its "answer" or "before" (--event, --arguments, --answer, --before)',
    );
  }
  const args = heardBy(sample.answer, talker, witness, id, since)?.args ?? [];
  if (judged(args, [], refusal) === 'refused')
    throw new ControlFailed(
      `The event ${event?.event} of the valid client was refused: ${JSON.stringify(args).slice(0, 200)}. Change "event", its "arguments" or "before"`,
    );
  return { answer: sample.answer, args };
}

const told = ({ kind, name, args }: Heard): string =>
  `${kind} ${name} ${JSON.stringify(args).slice(0, 120)}`.replace('  ', ' ');

function heardBy(answer: Answer, talker: Client, witness: Client, id: number, since: number): Heard | undefined {
  if (answer === 'none') return undefined;
  if (answer === 'ack') return talker.heard.find((one) => one.kind === 'ack' && one.id === id);
  const [client, name] = 'event' in answer ? [talker, answer.event] : [witness, answer.broadcast];
  return client.heard.find((one) => one.at >= since && one.kind === 'event' && one.name === name);
}

/** Finds out how the server answers: an ack, else an event to this client alone, else one that others receive too. */
async function observed(
  talker: Client,
  witness: Client,
  { id, since, noise }: { readonly id: number; readonly since: number; readonly noise: ReadonlySet<string> },
): Promise<Sample | undefined> {
  const fresh = (client: Client) =>
    client.heard.find((one) => one.at >= since && (one.kind === 'ack' ? one.id === id : !noise.has(one.name)));
  await talker.until(() => fresh(talker) ?? fresh(witness), ANSWER);
  const isAcked = (): true | undefined =>
    talker.heard.some((one) => one.kind === 'ack' && one.id === id) ? true : undefined;
  await talker.until(isAcked, BEHIND);
  if (isAcked()) return { answer: 'ack', args: [] };
  await delay(20);
  const own = fresh(talker);
  const others = fresh(witness);
  if (own !== undefined && !witness.heard.some(({ at, name }) => at >= since && name === own.name))
    return { answer: { event: own.name }, args: [] };
  const broadcast = others ?? own;
  return broadcast === undefined ? undefined : { answer: { broadcast: broadcast.name }, args: [] };
}
