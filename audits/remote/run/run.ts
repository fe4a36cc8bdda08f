import type { OwnedServer } from '../description/owner.ts';
import type { Secrets } from '../secrets.ts';
import { Budget, BudgetSpent, defaultLimits, type Limits } from '../wire/budget.ts';
import { Unreachable } from '../wire/request.ts';
import { type Control, control as controlOf, ControlFailed, enter } from './control.ts';
import { destroy } from './destructive.ts';
import { endings } from './endings.ts';
import type { Facts } from './facts.ts';
import { Link } from './link.ts';
import { revived } from './listen.ts';
import { matrix } from './matrix.ts';
import { foreignOrigin, rootNamespace } from './sides.ts';
import { talkUntilServed } from './talk.ts';
import { type Unasked, type Variant, variantsOf } from './variants.ts';
import { requireAlive, ServerEnded } from './vital.ts';

export interface RunOptions {
  readonly secrets: Secrets;
  readonly limits?: Limits;
  /** Called with what is asked next. */
  readonly onProbe?: (what: string) => void;
}

/**
 * Asks a described server everything that can be asked, from the valid client on.
 *
 * @throws TargetError if the server cannot be reached, and ControlFailed if the valid client does not succeed
 */
export async function observeServer(server: OwnedServer, options: RunOptions): Promise<Facts> {
  const { limits = { ...defaultLimits, ms: defaultLimits.ms + server.patience }, onProbe = () => {} } = options;
  const link = new Link(server, options.secrets, new Budget(limits));
  let during = 'the valid client';
  const note = (what: string): void => {
    during = what;
    onProbe(what);
  };
  try {
    await link.reach();
    const control = await controlOf(link);
    const facts = await factsOf(link, control, note, () => during);
    return facts;
  } finally {
    link.closeAll();
  }
}

async function factsOf(link: Link, first: Control, note: (what: string) => void, during: () => string): Promise<Facts> {
  const { credential, sample, broadcasts, isPushed, answerMs } = first;
  let facts: Facts = {
    control: { credential, sample, broadcasts, isPushed, answerMs },
    transport: link.transport,
    observations: [],
    unasked: [],
    heard: { early: 0, late: 0 },
    ended: [],
  };
  try {
    const all = await variantsOf(link, credential);
    facts = { ...facts, unasked: all.filter((one): one is Unasked => 'why' in one) };
    const chosen = all.filter((one): one is Variant => !('why' in one));
    const { observations, heard, control: after } = await matrix(link, first, chosen, note);
    facts = { ...facts, observations, heard };
    let control = after;
    note('a foreign origin');
    const origin = await foreignOrigin(link, control);
    await requireAlive(link, link.clients.at(-1));
    control = await revived(link, control);
    note('the namespace /');
    const root = await rootNamespace(link, control);
    facts = { ...facts, ...(origin && { origin }), ...(root && { root }) };
    await requireAlive(link, link.clients.at(-1));
    const atEnd = await stillServed(link, await revived(link, control));
    if (atEnd !== undefined) return { ...facts, atEnd };
    facts = { ...facts, ended: await endings(link, control, note) };
    if (link.server.destructive) {
      note('what no ordinary client sends');
      await destroy(link, await revived(link, control), note);
    }
    return facts;
  } catch (error) {
    return stopped(error, facts, link, during());
  }
}

/** The valid client is served at the end as at the beginning; otherwise no refusal in between tells anything. */
async function stillServed(link: Link, control: Control): Promise<string | undefined> {
  try {
    const client = await enter(link, link.server.isFresh ? await link.server.valid?.() : control.credential);
    const reply = await talkUntilServed(link, control, client);
    const why =
      reply === 'handled' || reply === 'not sent' || control.sample?.answer === 'none'
        ? undefined
        : `the event of the valid client was ${reply}`;
    client.close();
    return why;
  } catch (error) {
    if (error instanceof ControlFailed) return error.message;
    throw error;
  }
}

async function stopped(error: unknown, facts: Facts, link: Link, during: string): Promise<Facts> {
  if (error instanceof ServerEnded)
    return { ...facts, death: { lines: error.client?.lines ?? [], during, isBack: error.isBack } };
  if (error instanceof Unreachable && !(await link.accepts())) {
    const last = link.clients.at(-1);
    return { ...facts, death: { lines: last?.lines ?? [], during, isBack: false } };
  }
  if (error instanceof BudgetSpent || error instanceof ControlFailed || error instanceof Unreachable)
    return { ...facts, stopped: `The run stopped at ${during}: ${error.message}` };
  throw error;
}
