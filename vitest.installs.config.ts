import { defineConfig } from 'vitest/config';

/** Installs the package into fresh applications, which takes the registry of npm. */
export default defineConfig({
  test: { include: ['test/installs/*.check.ts'], maxWorkers: 1 },
});
