/** Runs middleware; rejects where it throws, or passes an error on. */
export const passed = (middleware: (next: (error?: unknown) => void) => unknown): Promise<void> =>
  new Promise((resolve, reject) => {
    const next = (error?: unknown): void => (error === undefined || error === null ? resolve() : reject(error));
    Promise.resolve(middleware(next)).catch(reject);
  });
