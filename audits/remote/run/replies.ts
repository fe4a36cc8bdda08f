import { isDeepStrictEqual } from 'node:util';
import type { Answer, Description } from '../description/schema.ts';
import { at } from '../description/json-pointer.ts';
import type { Client, Heard } from '../wire/client.ts';

/** The outcome of an event. */
export type Reply = 'handled' | 'refused' | 'no answer' | 'unclear';

/** How a valid client was answered: what others are compared with. */
export interface Sample {
  /** None: only a refusal tells something, since a message that is handled has no answer. */
  readonly answer: Answer;
  readonly args: readonly unknown[];
}

/** Events by which servers refuse a message. */
const REFUSING = new Set([
  'exception',
  'error',
  'unauthorized',
  'auth_error',
  'authError',
  'connect_error',
  'forbidden',
]);

export type Refusal = NonNullable<Description['refusal']>;

/**
 * The reply to an event with this ack id that was sent at `since`; undefined while there is none.
 * `witness` is another client, which hears what is broadcast.
 */
export function replyTo(
  client: Client,
  { id, since }: { readonly id: number; readonly since: number },
  sample: Sample,
  refusal: Refusal | undefined,
  witness?: Client,
): Reply | undefined {
  const heard = client.heard.filter((one) => one.at >= since);
  const refusing = heard.find((one) => isRefusalEvent(one, sample, refusal));
  if (refusing !== undefined) return 'refused';
  const found = answerIn(client, heard, id, since, sample, witness);
  if (found !== undefined) return judged(found.args, sample.args, refusal);
  return client.isOver ? 'refused' : undefined;
}

function answerIn(
  client: Client,
  heard: readonly Heard[],
  id: number,
  since: number,
  { answer }: Sample,
  witness: Client | undefined,
): Heard | undefined {
  if (answer === 'none') return undefined;
  if (answer === 'ack') return client.heard.find((one) => one.kind === 'ack' && one.id === id);
  if ('event' in answer) return heard.find((one) => one.kind === 'event' && one.name === answer.event);
  return witness?.heard.find((one) => one.at >= since && one.kind === 'event' && one.name === answer.broadcast);
}

function isRefusalEvent({ kind, name, args }: Heard, { answer }: Sample, refusal: Refusal | undefined): boolean {
  if (kind !== 'event') return false;
  if (refusal?.event !== undefined)
    return name === refusal.event && (refusal.pointer === undefined || judged(args, [], refusal) === 'refused');
  return REFUSING.has(name) && !(typeof answer === 'object' && 'event' in answer && answer.event === name);
}

/** Whether an answer is that of a handler, by how a valid client was answered. */
export function judged(args: readonly unknown[], sample: readonly unknown[], refusal: Refusal | undefined): Reply {
  const [answer, expected] = [args[0], sample[0]];
  if (refusal?.pointer !== undefined) {
    const value = at(answer, refusal.pointer);
    const isRefusal =
      refusal.value === undefined
        ? value !== undefined && value !== null && value !== false
        : isDeepStrictEqual(value, refusal.value);
    return isRefusal ? 'refused' : 'handled';
  }
  // Words that a valid client gets as well do not tell a refusal.
  if (!readsLikeRefusal(expected) && readsLikeRefusal(answer)) return 'refused';
  // Node's callbacks have an error in front.
  if ((expected === null || expected === undefined) && sample.length > 1 && answer !== null && answer !== undefined)
    return 'refused';
  if (expected === true && answer === false) return 'refused';
  return args.length === sample.length && isAlike(answer, expected) ? 'handled' : 'unclear';
}

const WORDS =
  /unauthori[sz]ed|unauthenticated|not (?:authori[sz]ed|authenticated|allowed|permitted|logged in|signed in)|forbidden|denied|invalid (?:token|credential|session|signature)|(?:token|session|jwt|credential)s? (?:has |is |was )?(?:expired|revoked|invalid|missing|required)|(?:authentication|login|sign-?in|permission)s? (?:is )?(?:required|failed|needed)|no (?:token|permission|session)|refused/i;
const FALSE_FIELDS = ['ok', 'success', 'authorized', 'authenticated', 'allowed', 'isValid'];
const ERROR_FIELDS = ['error', 'errors', 'exception', 'err', 'refused', 'unauthorized'];
const BAD_STATUS =
  /^(?:error|err|fail|failed|failure|unauthorized|unauthenticated|forbidden|denied|refused|rejected|nok|ko)$/i;

function readsLikeRefusal(value: unknown): boolean {
  if (typeof value === 'string') return WORDS.test(value) || BAD_STATUS.test(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const fields = value as Record<string, unknown>;
  if (FALSE_FIELDS.some((name) => fields[name] === false)) return true;
  if (ERROR_FIELDS.some((name) => Boolean(fields[name]) && !(Array.isArray(fields[name]) && fields[name].length === 0)))
    return true;
  for (const name of ['status', 'statusCode', 'code', 'type', 'result']) {
    const status = fields[name];
    if (typeof status === 'number' && status >= 400 && status < 600) return true;
    if (
      typeof status === 'string' &&
      (BAD_STATUS.test(status) || /^4\d\d$|UNAUTH|FORBID|DENIED|EXPIRED|REVOKED/.test(status))
    )
      return true;
  }
  return ['message', 'msg', 'reason', 'detail', 'description'].some(
    (name) => typeof fields[name] === 'string' && WORDS.test(fields[name]),
  );
}

/** Whether two answers have the same form: a handler fills the same fields for every client. */
function isAlike(one: unknown, other: unknown): boolean {
  if (isDeepStrictEqual(one, other)) return true;
  if (one === null || other === null || typeof one !== typeof other) return false;
  if (typeof one === 'number' || typeof one === 'boolean') return true;
  if (typeof one !== 'object') return false;
  if (Array.isArray(one) || Array.isArray(other)) return Array.isArray(one) && Array.isArray(other);
  const [fields, others] = [Object.keys(one), Object.keys(other as object)];
  const shared = fields.filter((name) => others.includes(name)).length;
  return shared * 2 >= new Set([...fields, ...others]).size;
}
