/** A promise was not kept. The message says in words what was expected and what happened instead. */
export class BrokenPromise extends Error {
  override readonly name = 'BrokenPromise';

  constructor(expected: string, happened: string) {
    super(`expected ${expected}, ${happened}`);
  }
}
