import { type RefusalAction, refusalActions, type RefusalCode, type RefusalNotice } from './refusals.ts';

export interface AuthErrorOptions extends ErrorOptions {
  /** The words of the server. */
  readonly message?: string | undefined;
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

  constructor(code: RefusalCode, { message = `Refused: ${code}`, ...options }: AuthErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.retryAfter = options.retryAfter;
    this.details = options.details;
  }

  /** What helps a client, as the table says. */
  get action(): RefusalAction {
    return refusalActions[this.code];
  }
}

/** Other servers have codes of their own: for one that is not in the table, the fallback is taken. */
export const codeOf = (code: unknown, fallback: RefusalCode = 'unavailable'): RefusalCode =>
  typeof code === 'string' && Object.hasOwn(refusalActions, code) ? (code as RefusalCode) : fallback;

/** The refusal that a server tells of. A notice with a code that is not in the table is not quoted. */
export function refusalOf(notice: unknown, { fallback, ...options }: AuthErrorOptions & Fallback = {}): AuthError {
  const { code, message, details } = (notice ?? {}) as Partial<RefusalNotice>;
  const known = codeOf(code, fallback);
  const words = known === code && typeof message === 'string' ? message : undefined;
  return new AuthError(known, { message: words, details, ...options });
}

interface Fallback {
  readonly fallback?: RefusalCode;
}

/** The answer to an event. @throws AuthError with the code of a refusal */
export function accepted(answer: unknown): unknown {
  const notice = (answer as { refused?: unknown } | null)?.refused ?? undefined;
  if (notice === undefined) return answer;
  throw refusalOf(notice);
}

/** A shared store did not answer, or not in time. It names no host, no key and no value. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}

/** An identity provider did not answer, or not as it should. Its message quotes no credential. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
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
