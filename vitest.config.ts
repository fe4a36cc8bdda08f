import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'test/**/*.test.ts',
      'strategies/**/*.test.ts',
      'gateways/**/*.test.ts',
      'bench/**/*.test.ts',
      'harness/**/*.test.ts',
      'audits/**/*.test.ts',
      'claims/*.test.ts',
      'advise/*.test.ts',
      'simulate/*.test.ts',
      'publish/*.test.ts',
      'peers/**/*.test.ts',
    ],
    setupFiles: ['reflect-metadata'],
    globalSetup: ['test/support/redis.setup.ts'],
    testTimeout: 10_000,
    // Vitest would leave one core of two idle.
    maxWorkers: 2,
  },
});
