import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

const rooms = JSON.parse(readFileSync(new URL('./rooms.json', import.meta.url), 'utf8')) as string[];

export default defineConfig({
  test: {
    include: rooms.map((room) => `${room}/**/*.test.ts`),
    setupFiles: ['reflect-metadata'],
    globalSetup: ['test/support/redis.setup.ts'],
    testTimeout: 10_000,
    // Vitest would leave one core of two idle.
    maxWorkers: 2,
  },
});
