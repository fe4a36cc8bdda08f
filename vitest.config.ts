import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

const rooms = JSON.parse(readFileSync(new URL('./rooms.json', import.meta.url), 'utf8')) as string[];
const testsNamed = (suffix: string): string[] => rooms.map((room) => `${room}/**/*${suffix}`);
const isolated = testsNamed('.isolated.test.ts');

export default defineConfig({
  test: {
    setupFiles: ['reflect-metadata'],
    globalSetup: ['test/support/redis.setup.ts'],
    testTimeout: 10_000,
    // Vitest would leave one core of two idle.
    maxWorkers: 2,
    projects: [
      {
        // The files of a worker share the modules that they load. Loading them for each file took 40% of the time.
        extends: true,
        test: { name: 'shared', isolate: false, include: testsNamed('.test.ts'), exclude: isolated },
      },
      // These files replace a module or the time of the process, so they share nothing.
      { extends: true, test: { name: 'isolated', include: isolated } },
    ],
  },
});
