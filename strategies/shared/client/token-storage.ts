/** The three methods of `localStorage`, `sessionStorage` or React Native's AsyncStorage. */
export interface TokenStorage {
  getItem(key: string): string | null | undefined | Promise<string | null | undefined>;
  setItem(key: string, value: string): unknown;
  removeItem(key: string): unknown;
}

/** Keeps one value for as long as this page or process lives. */
export function inMemory(): TokenStorage {
  let value: string | undefined;
  return {
    getItem: () => value,
    setItem: (_, given) => void (value = given),
    removeItem: () => void (value = undefined),
  };
}
