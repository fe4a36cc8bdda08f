import { type RefusalAction, type RefusalCode, type RefusalNotice, refusals } from './refusals.ts';

export interface AuthErrorOptions extends ErrorOptions {
  /** In how many ms it may pass, where the server knows or has told. */
  readonly retryAfter?: number | undefined;
  /** The content of the application's exception. Only with `rejected`. */
  readonly details?: unknown;
}

/** A refusal, on either side: its `code` is one of the table's. */
export class AuthError extends Error {
  override readonly name = 'AuthError';
  readonly code: RefusalCode;
  /** In how many ms it may pass, where the server knows or has told. */
  readonly retryAfter: number | undefined;
  /** The content of the application's exception, such as the messages of a ValidationPipe. Only with `rejected`. */
  readonly details: unknown;

  constructor(code: RefusalCode, { retryAfter, details, ...options }: AuthErrorOptions = {}) {
    super(refusals[code].message, options);
    this.code = code;
    this.retryAfter = retryAfter;
    this.details = details;
  }

  /** What helps a client, as the table says. */
  get action(): RefusalAction {
    return refusals[this.code].action;
  }
}

/** Other servers have codes of their own: for one that is not in the table, the fallback is taken. */
export const codeOf = (code: unknown, fallback: RefusalCode = 'unavailable'): RefusalCode =>
  typeof code === 'string' && Object.hasOwn(refusals, code) ? (code as RefusalCode) : fallback;

/** The answer to an event. @throws AuthError with the code of a refusal */
export function accepted(answer: unknown): unknown {
  const notice = (answer as { refused?: RefusalNotice | null } | null)?.refused;
  if (notice === undefined || notice === null) return answer;
  throw new AuthError(codeOf(notice.code), { details: notice.details });
}

/** A shared store did not answer, or not in time. It names no host, no key and no value. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}

/** Something that stops the start. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
