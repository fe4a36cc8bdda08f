/** A run has used up what it may: connections, messages or time. The message names the option that allows more. */
export class BudgetSpent extends Error {
  override readonly name = 'BudgetSpent';
}

export interface Limits {
  readonly connections: number;
  readonly messages: number;
  readonly ms: number;
}

export const defaultLimits: Limits = { connections: 200, messages: 1000, ms: 120_000 };

/** Bounds one run in connections, messages and time. */
export class Budget {
  readonly #limits: Limits;
  readonly #until: number;
  #connections = 0;
  #messages = 0;

  constructor(limits: Limits = defaultLimits) {
    this.#limits = limits;
    this.#until = Date.now() + limits.ms;
  }

  get spent(): { readonly connections: number; readonly messages: number } {
    return { connections: this.#connections, messages: this.#messages };
  }

  /** @throws BudgetSpent */
  connect(): void {
    this.#connections += 1;
    if (this.#connections > this.#limits.connections) throw spent(`${this.#limits.connections} connections`);
    if (Date.now() > this.#until) throw spent(`${this.#limits.ms / 1000} s`);
  }

  /** @throws BudgetSpent */
  send(): void {
    this.#messages += 1;
    if (this.#messages > this.#limits.messages) throw spent(`${this.#limits.messages} messages`);
  }
}

const spent = (what: string): BudgetSpent =>
  new BudgetSpent(`The budget of ${what} is used up; allow more with --budget connections=N,messages=N,seconds=N`);
