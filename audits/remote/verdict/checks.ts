import { type Ended, ends, type Facts, type Observation, type Side, type UnaskedEnd } from '../run/facts.ts';
import { variants } from '../run/variants.ts';
import type { Check, Question, State } from './report.ts';

/** The option that the owner can add so that the question can be asked. */
const NO_EVENT = 'describe an event that the server answers: "event" (--event), and its "answer"';
const NO_BROADCAST =
  'the valid client received nothing: describe an event that causes a broadcast, "receives", or "credential.second"';
const UNCLEAR = 'the answer differs from that of the valid client in form: describe "refusal" (--refusal)';

/** Every question of a run, with its answer. */
export function checksOf(facts: Facts): Check[] {
  const unfinished =
    facts.atEnd === undefined ? undefined : `the valid client was not served at the end: ${facts.atEnd}`;
  const asked = facts.observations.flatMap((one) => [
    connectCheck(one, facts),
    handleCheck(one, facts),
    receiveCheck(one, facts),
  ]);
  const unasked = facts.unasked.flatMap(({ id, state, why }) =>
    (['connect', 'handle', 'receive'] as const).map((question) =>
      check(`${question}/${id}`, variants[id], question, state, why),
    ),
  );
  const checks = [
    ...asked,
    ...unasked,
    ...facts.ended.flatMap((one) => endChecks(one, facts)),
    ...originChecks(facts),
    ...rootChecks(facts.root),
    urlCheck(facts),
    aliveCheck(facts),
  ];
  const isOrdered = (a: Check, b: Check): number => orderOf(a) - orderOf(b);
  // A refusal tells nothing in a run whose valid client was refused as well.
  return checks
    .map((one) =>
      unfinished !== undefined && one.state === 'kept'
        ? { ...one, state: 'could not tell' as const, note: unfinished }
        : one,
    )
    .toSorted(isOrdered);
}

const GROUPS: readonly string[] = [...Object.values(variants), ...Object.values(ends)];
const orderOf = ({ group }: Check): number => (GROUPS.includes(group) ? GROUPS.indexOf(group) : GROUPS.length);

const check = (id: string, group: string, question: Question, state: State, note: string): Check => ({
  id,
  group,
  question,
  state,
  note,
});

const inMs = (ms: number): string => (ms >= 2000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms)} ms`);

/** Let in, and ended within the time that it was watched. */
export const isCut = ({ connect, stayed }: Observation): boolean => connect === 'admitted' && stayed !== undefined;

/** A server that takes the credential from the first message has to let everybody in for that. */
export const isFirstMessage = ({ control: { credential } }: Facts): boolean =>
  credential?.carry('x').message !== undefined;

/** A user who is known may connect, where each message is refused. */
export const isRefusedLater = (one: Observation): boolean =>
  one.id === 'forbidden' && !isCut(one) && one.early === 'refused' && !isHandled(one) && !isListening(one);

function connectCheck(one: Observation, facts: Facts): Check {
  const say = (state: State, note: string) => check(`connect/${one.id}`, variants[one.id], 'connect', state, note);
  if (one.connect === 'refused') return say('kept', one.how ?? 'refused');
  if (one.connect === 'silent') return say('kept', 'it was not admitted, and got no answer');
  if (isRefusedLater(one)) return say('kept', 'admitted, and its messages were refused');
  if (!isCut(one)) return say('broken', `admitted, and still connected after ${inMs(one.watched)}`);
  // A known user who is cut before anything was handled or received has been refused.
  if (one.id === 'forbidden' && !isHandled(one) && !isListening(one))
    return say('kept', `admitted, and cut after ${inMs(one.stayed!)}, before anything was handled or received`);
  if (isFirstMessage(facts)) return say('kept', `the first message decides; ended after ${inMs(one.stayed!)}`);
  return say('broken', `admitted, and cut after ${inMs(one.stayed!)}`);
}

/** One of its messages was handled. */
export const isHandled = (one: Observation): boolean =>
  one.early === 'handled' || one.late === 'handled' || one.burst !== undefined;

/** A message that is handled has no answer. */
const isUnanswered = ({ control: { sample } }: Facts): boolean => sample?.answer === 'none';

function handleCheck(one: Observation, facts: Facts): Check {
  const { control } = facts;
  const say = (state: State, note: string) => check(`handle/${one.id}`, variants[one.id], 'handle', state, note);
  if (one.connect !== 'admitted') return say('kept', 'it was not admitted');
  if (one.late === 'handled') return say('broken', `its message was handled after ${inMs(one.watched)}, too`);
  if (one.early === 'handled')
    return say('broken', `its message was handled ${inMs(one.handledAfter ?? 0)} after CONNECT`);
  if (one.burst !== undefined) return say('broken', 'a message right behind CONNECT was handled');
  if (control.sample === undefined || (isUnanswered(facts) && one.early !== 'refused'))
    return say('could not tell', NO_EVENT);
  if (one.early === 'unclear' || one.late === 'unclear') return say('could not tell', UNCLEAR);
  return say('kept', one.early === 'refused' ? 'its message was refused' : 'its message got no answer');
}

/** It received what only authenticated clients may receive. */
export const isListening = ({ received, receivedLate }: Observation): boolean =>
  received.count + receivedLate.count > 0;

function receiveCheck(one: Observation, { heard, control }: Facts): Check {
  const say = (state: State, note: string) => check(`receive/${one.id}`, variants[one.id], 'receive', state, note);
  if (one.connect !== 'admitted') return say('kept', 'it was not admitted');
  if (isListening(one)) {
    const { count, names, last = 0 } = one.receivedLate.count > 0 ? one.receivedLate : one.received;
    return say('broken', `it received ${names.join(', ')} (${count} times), the last ${inMs(last)} after CONNECT`);
  }
  const isTold = heard.early > 0 && (isCut(one) || heard.late > 0);
  if (control.broadcasts.size === 0 || !isTold) return say('could not tell', NO_BROADCAST);
  return say('kept', `it received none of ${heard.early + heard.late}`);
}

function endChecks(one: Ended | UnaskedEnd, facts: Facts): Check[] {
  const { control } = facts;
  const group = `after ${ends[one.id]}`;
  const say = (question: Question, state: State, note: string) =>
    check(`${one.id}/${question}`, group, question, state, note);
  if ('why' in one)
    return (['connect', 'handle', 'receive'] as const).map((question) => say(question, 'could not tell', one.why));
  const isOver = one.endedAfter !== undefined;
  const over = `the connection was ended ${inMs(one.endedAfter ?? 0)} later`;
  const again = {
    refused: say('connect', 'kept', 'CONNECT with it was refused'),
    cut: say('connect', 'kept', 'CONNECT with it was accepted, and then cut'),
    admitted: say('connect', 'broken', 'CONNECT with it was accepted'),
    handled: say('connect', 'broken', 'CONNECT with it was accepted, and its message was handled'),
  }[one.again];
  const handle =
    one.late === 'handled'
      ? say('handle', 'broken', 'a message on the open connection was handled')
      : isOver
        ? say('handle', 'kept', over)
        : control.sample === undefined || (isUnanswered(facts) && one.late !== 'refused')
          ? say('handle', 'could not tell', NO_EVENT)
          : one.late === 'unclear'
            ? say('handle', 'could not tell', UNCLEAR)
            : say('handle', 'kept', 'a message on the open connection was not handled');
  const receive =
    one.received.count > 0
      ? say('receive', 'broken', `the open connection received ${one.received.names.join(', ')}`)
      : isOver
        ? say('receive', 'kept', over)
        : one.isHeard
          ? say('receive', 'kept', 'the open connection received nothing')
          : say('receive', 'could not tell', NO_BROADCAST);
  // A role is about what a user may do: whoever loses one may connect and listen.
  if (one.id === 'roles') return [handle];
  return [again, handle, receive];
}

function originChecks({ origin, control: { credential } }: Facts): Check[] {
  if (origin === undefined) return [];
  const say = (state: State, note: string) => [check('origin', 'a foreign page', 'other', state, note)];
  if (!origin.isAdmitted) return say('kept', 'the valid credential was refused from a foreign Origin');
  if (credential?.isAmbient === true) return say('broken', 'the cookie was accepted from a foreign Origin');
  return say('not applicable', 'a foreign Origin was accepted, but no browser sends this credential by itself');
}

function rootChecks(root: Side | undefined): Check[] {
  if (root === undefined) return [];
  const say = (state: State, note: string) => [check('root', 'the namespace /', 'other', state, note)];
  if (!root.isAdmitted) return say('kept', 'a client without a credential was refused');
  return say('broken', root.received.count > 0 ? 'a stranger receives there' : 'a stranger can join and stay');
}

function urlCheck({ control: { credential } }: Facts): Check {
  const say = (state: State, note: string) => check('url', 'the credential in the URL', 'other', state, note);
  if (credential === undefined) return say('not applicable', 'there is none');
  return credential.isInUrl
    ? say('broken', 'it is sent in the query')
    : say('kept', 'the valid client was admitted without it there');
}

function aliveCheck({ death, stopped }: Facts): Check {
  const say = (state: State, note: string) => check('alive', 'the process', 'other', state, note);
  if (death !== undefined) return say('broken', `the server ended while this was asked: ${death.during}`);
  return say('kept', stopped ?? 'the server lived after every probe');
}
