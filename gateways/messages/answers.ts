import type { ModulesContainer } from '@nestjs/core';
import type { MessageMappingProperties } from '@nestjs/websockets';
import { isObservable, map, tap } from 'rxjs';
import type { Socket } from 'socket.io';
import { noticeOf } from '../../strategies/strategy.ts';
import { gatewaysIn } from '../gateways-in.ts';
import { logException } from '../log/bounded-log.ts';
import { RefusalFilter } from './refusal.filter.ts';

/** Set by @UseFilters() on a class or a method. */
const FILTERS = '__exceptionFilters__';

type Ack = (answer: unknown) => void;

/**
 * Answers the acks that Nest leaves open, with null: that of a handler that returns nothing, and that of one that returns
 * `{ event, data }`, once the event was emitted.
 */
export class Answers {
  /** Events for which no answer means success: one handler has them, and only the kit's filter, which always answers. */
  readonly #mayBeSilent: ReadonlySet<string>;

  constructor(modules: ModulesContainer) {
    const answersRefusals = new Map<string, boolean>();
    for (const { metatype, namespace, handlers } of gatewaysIn(modules)) {
      for (const { message, method, takesAck } of handlers) {
        const key = keyOf(namespace, message);
        const filters = [...filtersOf(metatype), ...filtersOf(method)];
        const isOurs = !takesAck && filters.length > 0 && filters.every((filter) => filter === RefusalFilter);
        answersRefusals.set(key, isOurs && !answersRefusals.has(key));
      }
    }
    this.#mayBeSilent = new Set([...answersRefusals].filter(([, isOurs]) => isOurs).map(([key]) => key));
  }

  /** The same handler, which answers every ack. A handler that takes its ack itself, with `@Ack()`, goes on doing so. */
  of(socket: Socket, handler: MessageMappingProperties): MessageMappingProperties {
    const { callback, isAckHandledManually } = handler;
    const message = String(handler.message);
    const isSilent = this.#mayBeSilent.has(keyOf(socket.nsp.name, message));
    const answering = (data: unknown, ack: unknown): Promise<unknown> => {
      const isOurs = typeof ack === 'function' && !isAckHandledManually;
      const call = { socket, message, ack: isOurs ? (ack as Ack) : noAck, isSilent };
      return answered(call, callback(data, ack) as Promise<unknown>);
    };
    return { ...handler, callback: answering };
  }
}

/** An event that a client has sent. */
interface Call {
  readonly socket: Socket;
  readonly message: string;
  /** Socket.IO ignores a second call. */
  readonly ack: Ack;
  readonly isSilent: boolean;
}

/** Nobody waits for an answer, or the handler gives it. */
const noAck: Ack = () => {};

const keyOf = (namespace: string, message: string): string => JSON.stringify([namespace, message]);

const filtersOf = (target: object): readonly unknown[] => (Reflect.getMetadata(FILTERS, target) ?? []) as unknown[];

/** Returns what Nest is to acknowledge, or undefined if that was done here. */
async function answered(call: Call, pending: Promise<unknown>): Promise<unknown> {
  const result = await pending;
  const over = (): void => {
    if (call.isSilent) call.ack(null);
  };
  if (isObservable(result))
    return result.pipe(
      map((value) => emitted(call, value)),
      tap({ complete: over }),
    );
  if (result === undefined || result === null) return over();
  return emitted(call, result);
}

/** Emits the event of `{ event, data }` and acknowledges it. Returns any other answer as it is. */
function emitted({ socket, message, ack }: Call, answer: unknown): unknown {
  const { event, data } = (answer ?? {}) as { event?: string; data?: unknown };
  if (!event) return answer;
  try {
    socket.emit(event, data);
    ack(null);
  } catch (error) {
    // Socket.IO reserves some names. An error here would end the process.
    logException(Answers.name, error);
    const notice = noticeOf('failed');
    socket.emit('exception', { ...notice, event: message });
    ack({ refused: notice });
  }
  return undefined;
}
