/** Which nodes have heard of one publication. */
export class Acknowledgements {
  readonly #heard = new Set<string>();
  #onHeard = (): void => {};

  add(node: string): void {
    this.#heard.add(node);
    this.#onHeard();
  }

  /** How many of `nodes` have heard of it, once all have or `ms` have passed. */
  of(nodes: readonly string[], ms: number): Promise<number> {
    const count = (): number => nodes.filter((node) => this.#heard.has(node)).length;
    if (count() === nodes.length) return Promise.resolve(nodes.length);
    return new Promise((resolve) => {
      const settle = (): void => {
        clearTimeout(timer);
        resolve(count());
      };
      const timer = setTimeout(settle, ms);
      this.#onHeard = () => {
        if (count() === nodes.length) settle();
      };
    });
  }
}
