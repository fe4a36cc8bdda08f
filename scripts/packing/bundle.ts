import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type OutputChunk, type OutputOptions, rolldown, type RolldownOptions } from 'rolldown';
import { dts } from 'rolldown-plugin-dts';
import { entriesOf, type Manifest } from './entries.ts';
import { writeFacade } from './facade.ts';
import { notices } from './notices.ts';

/** Every name of a function or a class stays, for Nest's messages and for stack traces. */
const keepNames = { function: true, class: true };
const minify = { compress: { keepNames }, mangle: { keepNames }, codegen: true };

/**
 * Writes the files of the package from a build of the project. The code is CommonJS, which Jest loads too. The ES modules
 * re-export it, so an application that uses both has each class once. Browsers get ES modules of their own, which their
 * bundlers can shake. Packages that the manifest does not name are copied in.
 *
 * @throws Error if the bundler warns
 */
export async function bundle(manifest: Manifest, build: string, out: string): Promise<void> {
  const entries = entriesOf(manifest, build);
  const externals = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies ?? {})];
  const shared: RolldownOptions = {
    // An import whose names nobody uses is dropped, even from a package that does not say that it can be.
    treeshake: { moduleSideEffects: false },
    experimental: { attachDebugInfo: 'none' },
    checks: { pluginTimings: false },
    external: (id) => id.startsWith('node:') || externals.some((name) => id === name || id.startsWith(`${name}/`)),
    onLog: (level, log) => {
      if (level === 'warn') throw new Error(log.message);
    },
  };
  const from = (names: readonly string[], ending: string) =>
    Object.fromEntries(names.map((name) => [name, join(build, `${name}${ending}`)]));
  const code = await write(
    {
      ...shared,
      platform: 'node',
      input: from([...entries.modules, ...entries.bins], '.js'),
    },
    {
      dir: out,
      format: 'cjs',
      ...named('.cjs'),
      exports: 'named',
      // Jest cannot run `import()`, and `require` cannot load the module that a user names to a command.
      dynamicImportInCjs: entries.bins.length > 0,
      minify,
      comments: false,
    },
  );
  if (entries.browser.length > 0) {
    await write(
      { ...shared, platform: 'browser', input: from(entries.browser, '.js') },
      { dir: join(out, 'browser'), format: 'esm', ...named('.js'), minify, comments: false },
    );
  }
  const types = await write(
    { ...shared, input: from(entries.modules, '.d.ts'), plugins: [dts({ dtsInput: true, emitDtsOnly: true })] },
    { dir: out, format: 'esm', ...named('.d.cts'), codeSplitting: { groups: [clientTypes] } },
  );
  for (const chunk of [...code, ...types]) {
    if (chunk.isEntry && entries.modules.includes(chunk.name)) writeFacade(out, chunk);
  }
  const copied = notices(code.flatMap(({ moduleIds }) => moduleIds));
  if (copied !== undefined) writeFileSync(join(out, 'THIRD-PARTY.txt'), copied);
}

/** In a chunk of their own: the types of the server beside them name packages that a browser app does not have. */
const clientTypes = { name: 'strategy-client', test: /\/strategies\/shared\/strategy-client\.d\.ts$/ };

const named = (ending: string): OutputOptions => ({
  entryFileNames: `[name]${ending}`,
  chunkFileNames: `shared/[name]-[hash]${ending}`,
});

async function write(input: RolldownOptions, output: OutputOptions): Promise<OutputChunk[]> {
  const bundler = await rolldown(input);
  try {
    const { output: written } = await bundler.write(output);
    return written.filter((file) => file.type === 'chunk');
  } finally {
    await bundler.close();
  }
}
