import type { Failure } from './failures.ts';

/** In ms: a connection that was lost sooner counts as one more failed attempt. */
export const STEADY = 2000;

/**
 * The phase of a connection. A connection does one thing at a time, so there is one renewal however many callers ask for it,
 * and never a second CONNECT.
 */
export type Phase =
  /** A CONNECT is under way: the first one, one after a loss, or one with what a renewal over HTTP has brought. */
  | { readonly at: 'opening'; readonly after: 'nothing' | 'loss' | 'exchange' }
  | { readonly at: 'open' }
  /** Connected, and asking for its renewal on the connection. */
  | { readonly at: 'asking' }
  /** Renewing over HTTP. */
  | { readonly at: 'exchanging'; readonly connected: boolean }
  /** Backing off. It is connected only before it asks again. */
  | { readonly at: 'waiting'; readonly before: 'open' | 'exchange' | 'ask' }
  | { readonly at: 'ended'; readonly error: Failure };

export interface State {
  readonly phase: Phase;
  /** Renews, comes back and retries by itself. */
  readonly recover: boolean;
  /** It was open at least once. Before that, one renewal is tried, and nothing else. */
  readonly opened: boolean;
  /** Somebody waits for a renewal. */
  readonly wanted: boolean;
  /** Attempts to come back that failed one after the other, or whose connection did not last. */
  readonly attempts: number;
  /** Renewals that failed since the server has asked for one; undefined where it has not. */
  readonly prompted: number | undefined;
  /** A renewal was asked for, and its result is not known: the token may be spent. */
  readonly unanswered: boolean;
  /** Whether the server has said that the credential has ended: it would refuse a CONNECT. */
  readonly over?: boolean;
}

export type Event =
  /** The CONNECT was accepted, or refused. */
  | { readonly type: 'connected' }
  | { readonly type: 'refused'; readonly error: Failure }
  /** The connection was lost; `error` says why, as far as it is known. It was open for `lasted` ms. */
  | { readonly type: 'lost'; readonly error: Failure; readonly lasted: number }
  /** Somebody wants a renewal, or the server does, on a connection that has been open for `lasted` ms. */
  | { readonly type: 'wanted' }
  | { readonly type: 'prompted'; readonly lasted: number }
  /** The client renews over HTTP alone. */
  | { readonly type: 'not-in-band' }
  /** The request for a renewal leaves on the connection; it was answered with a credential, refused, or not answered. */
  | { readonly type: 'sent' }
  | { readonly type: 'issued' }
  | { readonly type: 'denied'; readonly error: Failure; readonly answered: boolean }
  /** The renewal over HTTP has ended. */
  | { readonly type: 'exchanged' }
  | { readonly type: 'not-exchanged'; readonly error: Failure }
  | { readonly type: 'waited' }
  | { readonly type: 'closed'; readonly error: Failure };

export type Effect =
  | { readonly do: 'connect' | 'disconnect' | 'close-transport' | 'ask' | 'exchange' }
  /** Back off: after so many attempts that failed, and beyond what the server asks for, in ms. */
  | { readonly do: 'wait'; readonly attempts: number; readonly retryAfter: number | undefined }
  /** Tells whoever waits for a renewal that it succeeded, or why it did not. */
  | { readonly do: 'settle'; readonly error: Failure | undefined }
  | { readonly do: 'count'; readonly what: 'renewals' | 'reconnects' }
  /** Tells `connect` that it is in. */
  | { readonly do: 'opened' }
  | { readonly do: 'end'; readonly error: Failure };

export type Step = readonly [State, readonly Effect[]];
type Named<T extends Event['type']> = Extract<Event, { type: T }>;
type Row<P extends Phase['at']> = {
  readonly [T in Event['type']]?: (state: State, event: Named<T>, phase: Extract<Phase, { at: P }>) => Step;
};

const fresh = { opened: false, wanted: false, attempts: 0, prompted: undefined, unanswered: false } as const;

/** A connection that is about to be opened for the first time. */
export const begun = (recover: boolean): Step => [
  { phase: opening('nothing'), recover, ...fresh },
  [{ do: 'connect' }],
];

/** Returns the state after an event, and the effects to perform. An event without a row in the current phase changes nothing. */
export function next(state: State, event: Event): Step {
  if (state.phase.at === 'ended') return [state, event.type === 'wanted' ? [refusal(state.phase.error)] : []];
  if (event.type === 'closed') return end(state, event.error, { do: 'disconnect' });
  if ('lasted' in event && event.lasted >= STEADY) return step({ ...state, attempts: 0 }, event);
  return step(state, event);
}

function step(state: State, event: Event): Step {
  const row = table[state.phase.at as Exclude<Phase['at'], 'ended'>] as Record<
    string,
    ((...args: unknown[]) => Step) | undefined
  >;
  return row[event.type]?.(state, event, state.phase) ?? [state, []];
}

const opening = (after: 'nothing' | 'loss' | 'exchange'): Phase => ({ at: 'opening', after });
const to = (state: State, phase: Phase, ...effects: Effect[]): Step => [{ ...state, phase }, effects];
const refusal = (error: Failure): Effect => ({ do: 'settle', error });
const join = (state: State): Step => [{ ...state, wanted: true }, []];
const prompt = (state: State): State => ({ ...state, prompted: state.prompted ?? 0 });

const table: { readonly [P in Exclude<Phase['at'], 'ended'>]: Row<P> } = {
  opening: {
    connected: (state, _, { after }) => {
      const open: State = { ...state, phase: { at: 'open' }, opened: true };
      if (!state.opened) return [open, [{ do: 'opened' }]];
      const reopened: Effect = { do: 'count', what: 'reconnects' };
      if (after === 'exchange') return [{ ...open, wanted: false }, [reopened, settled]];
      // The token may be spent. Asked again soon, the same answer comes; later it would pass for a theft.
      if (state.unanswered && state.recover) return ask(prompt(open), reopened);
      return state.wanted ? ask(open, reopened) : [open, [reopened]];
    },
    refused: (state, { error }, { after }) => notOpened(state, error, after),
    lost: (state, { error }, { after }) => notOpened(state, error, after),
    wanted: join,
  },
  open: {
    wanted: (state) => ask({ ...state, wanted: true }),
    prompted: (state) => ask(prompt(state)),
    lost: (state, { error }) => lose(state, error),
  },
  asking: {
    wanted: join,
    prompted: (state) => [prompt(state), []],
    'not-in-band': (state) => exchange(state, true),
    sent: (state) => [{ ...state, unanswered: true }, []],
    issued: (state) => [
      { ...state, phase: { at: 'open' }, unanswered: false, wanted: false, prompted: undefined },
      [{ do: 'count', what: 'renewals' }, settled],
    ],
    denied: (state, { error, answered }) => {
      // Refused because another is under way: the result of that one is not known.
      const unanswered = answered ? error.code === 'too-many-events' : state.unanswered;
      return notRenewed({ ...state, unanswered }, error);
    },
    lost: (state, { error }) => lose({ ...state, wanted: false }, error, refusal(error)),
  },
  exchanging: {
    wanted: join,
    prompted: (state) => [prompt(state), []],
    // The renewal goes on, and its result opens the connection anew. A refusal that no renewal helps against ends both.
    lost: (state, { error }) =>
      !state.recover || error.action === 'stop'
        ? end(state, error)
        : to({ ...state, over: error.action === 'renew' }, { at: 'exchanging', connected: false }),
    exchanged: (state, _, { connected }) => {
      const { attempts, prompted } = state;
      const isPrompted = connected && prompted !== undefined;
      const renewed: State = {
        ...state,
        attempts: isPrompted ? attempts + 1 : attempts,
        unanswered: false,
        over: false,
        prompted: undefined,
      };
      const effects: Effect[] = [
        { do: 'count', what: 'renewals' },
        ...(connected ? [{ do: 'disconnect' } as const] : []),
      ];
      if (!isPrompted || attempts === 0) return to(renewed, opening('exchange'), ...effects, { do: 'connect' });
      // The server has asked again at once. It may do so on each connection, for example if its clock is wrong.
      const wait: Effect = { do: 'wait', attempts, retryAfter: undefined };
      return to({ ...renewed, wanted: false }, { at: 'waiting', before: 'open' }, ...effects, settled, wait);
    },
    'not-exchanged': (state, { error }, { connected }) =>
      connected ? notRenewed(state, error) : comeBack({ ...state, wanted: false }, error, true, refusal(error)),
  },
  waiting: {
    wanted: (state, _, { before }) => (before === 'ask' ? ask : exchange)({ ...state, wanted: true }),
    lost: (state, { error }) => lose(state, error),
    waited: (state, _, { before }) => {
      if (before === 'ask') return ask(state);
      return before === 'exchange' ? exchange(state) : to(state, opening('loss'), { do: 'connect' });
    },
  },
};

const settled: Effect = { do: 'settle', error: undefined };
const ask = (state: State, ...before: Effect[]): Step => to(state, { at: 'asking' }, ...before, { do: 'ask' });
/** Nobody knows what becomes of a renewal over HTTP until it has succeeded. */
const exchange = (state: State, connected = false, ...before: Effect[]): Step =>
  to({ ...state, unanswered: true }, { at: 'exchanging', connected }, ...before, { do: 'exchange' });

function end(state: State, error: Failure, ...before: Effect[]): Step {
  const waiters = state.wanted ? [refusal(error)] : [];
  return to({ ...state, wanted: false, prompted: undefined }, { at: 'ended', error }, ...waiters, ...before, {
    do: 'end',
    error,
  });
}

function notOpened(state: State, error: Failure, after: 'nothing' | 'loss' | 'exchange'): Step {
  if (after === 'exchange') return comeBack({ ...state, wanted: false }, error, true, refusal(error));
  // A caller that waits for a renewal should not wait for a back-off as well.
  return state.wanted && error.action === 'retry' ? exchange(state) : comeBack(state, error, false);
}

/** A renewal of an open connection failed. Callers are told. It is tried again if the server wants it, or the token may be spent. */
function notRenewed(state: State, error: Failure): Step {
  const told: State = { ...state, wanted: false };
  const tries = state.prompted ?? (state.unanswered && state.recover ? 0 : undefined);
  if (tries === undefined || error.action !== 'retry') {
    return to({ ...told, prompted: undefined }, { at: 'open' }, refusal(error));
  }
  // Two renewals without an answer: ask on another connection, soon enough that this does not look like a theft.
  if (state.phase.at === 'asking' && state.unanswered && error.code !== 'too-many-events' && tries > 0) {
    return to({ ...told, prompted: undefined }, { at: 'open' }, refusal(error), { do: 'close-transport' });
  }
  const wait: Effect = { do: 'wait', attempts: tries, retryAfter: error.retryAfter };
  return to({ ...told, prompted: tries + 1 }, { at: 'waiting', before: 'ask' }, refusal(error), wait);
}

/** An open connection is lost. The first renewal is made at once; if the next connection does not last, the next one waits. */
const lose = (state: State, error: Failure, ...before: Effect[]): Step =>
  comeBack(state, error, state.attempts > 0, ...before);

/**
 * The connection is lost: it ends, renews or backs off, as the action of the refusal says. `again`: a renewal did not help, so
 * another one waits. While the credential is over, each attempt is a renewal: a CONNECT would only take time.
 */
function comeBack(lost: State, error: Failure, again: boolean, ...before: Effect[]): Step {
  const state: State = { ...lost, over: lost.over || error.action === 'renew', prompted: undefined };
  if (!state.recover || error.action === 'stop') return end(state, error, ...before);
  if (!state.over) return backOff(state, 'open', error, ...before);
  if (again) return backOff(state, 'exchange', error, ...before);
  return exchange({ ...state, attempts: state.attempts || 1 }, false, ...before);
}

function backOff(state: State, before: 'open' | 'exchange', error: Failure, ...first: Effect[]): Step {
  const { opened, attempts } = state;
  if (!opened) return end(state, error, ...first);
  const wait: Effect = { do: 'wait', attempts, retryAfter: error.retryAfter };
  return to({ ...state, attempts: attempts + 1 }, { at: 'waiting', before }, ...first, wait);
}
