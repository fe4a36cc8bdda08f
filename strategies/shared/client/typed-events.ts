/** A map of events, as Socket.IO takes it: from a name to a function that takes its data and, last, its ack. */
// Socket.IO asks for `any`: with `unknown`, an interface would not be such a map.
// oxlint-disable-next-line typescript/no-explicit-any
export type EventsMap = { [event: string]: any };

/** Any event, with any data. */
// oxlint-disable-next-line typescript/no-explicit-any
export type AnyEvents = { [event: string]: (...args: any[]) => void };

type Parts<F> = F extends (...args: infer A) => unknown ? A : never;

/** The data of an event. */
export type DataOf<F> =
  Parts<F> extends [infer Data, ...unknown[]] ? (Data extends (answer: never) => unknown ? undefined : Data) : unknown;

/** The answer that the ack of an event brings. */
export type AnswerOf<F> = Parts<F> extends [...unknown[], (answer: infer Answer) => unknown] ? Answer : unknown;
