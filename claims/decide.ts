/** True, false, or undefined where what was recorded does not tell. */
export type Told = boolean | undefined;

/** Whether every test is true: false as soon as one is, undefined where one is not told. */
export const all = (tests: readonly Told[]): Told =>
  tests.includes(false) ? false : tests.includes(undefined) ? undefined : true;

/** The outcome of a test: `inconclusive` where it told nothing. */
export const decide = <Outcome extends string>(
  told: Told,
  whenTrue: Outcome,
  whenFalse: Outcome,
): Outcome | 'inconclusive' => (told === undefined ? 'inconclusive' : told ? whenTrue : whenFalse);
