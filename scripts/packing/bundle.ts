import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type OutputChunk, type OutputOptions, rolldown, type RolldownOptions } from 'rolldown';
import { dts } from 'rolldown-plugin-dts';
import { entriesOf, type Manifest } from './entries.ts';
import { writeFacade } from './facade.ts';
import { notices } from './notices.ts';
import { LOADER, optionalPeers } from './optional-peers.ts';

/** Every name of a function or a class stays, for Nest's messages and for stack traces. */
const keepNames = { function: false, class: true };
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
  const optional = Object.keys(manifest.peerDependenciesMeta ?? {}).filter((name) => !IN_EVERY_APP.includes(name));
  const common: RolldownOptions = {
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
      ...common,
      plugins: [optionalPeers(optional)],
      platform: 'node',
      input: {
        ...from([...entries.modules, ...entries.bins], '.js'),
        ...(optional.length > 0 && { [LOADER]: join(build, 'scripts/packing/optional-package.js') }),
      },
    },
    {
      ...named('.cjs'),
      dir: out,
      format: 'cjs',
      exports: 'named',
      generatedCode: { symbols: false },
      // Jest cannot run `import()`, and `require` cannot load the module that a user names to a command.
      dynamicImportInCjs: entries.bins.length > 0,
      minify,
      comments: false,
      codeSplitting: { groups: [shared, ...folders] },
    },
  );
  if (entries.browser.length > 0) {
    await write(
      { ...common, platform: 'browser', input: from(entries.browser, '.js') },
      { ...named('.js'), dir: join(out, 'browser'), format: 'esm', minify: true, comments: false },
    );
  }
  const types = await write(
    { ...common, input: from(entries.modules, '.d.ts'), plugins: [dts({ dtsInput: true, emitDtsOnly: true })] },
    { dir: out, format: 'esm', ...named('.d.cts'), codeSplitting: { groups: [clientTypes] } },
  );
  for (const chunk of [...code, ...types]) {
    if (chunk.isEntry && entries.modules.includes(chunk.name)) writeFacade(out, chunk);
  }
  const copied = notices(code.flatMap(({ moduleIds }) => moduleIds));
  if (copied !== undefined) writeFileSync(join(out, 'THIRD-PARTY.txt'), copied);
}

/** Optional for browsers alone: Nest brings them. */
const IN_EVERY_APP = ['@nestjs/common', '@nestjs/core', 'rxjs', 'socket.io'];

/** In one chunk each, since a chunk for each set of entries that shares a module makes the package larger. */
const shared = { name: 'shared', test: /\/strategies\/shared\/(?:stores\/)?[^/]+\.js$/ };
const folders = ['access-tokens', 'client', 'http'].map((name) => ({
  name,
  test: new RegExp(`/strategies/shared/${name}/`),
  minShareCount: 2,
}));

/** In a chunk of their own: the types of the server beside them name packages that a browser app does not have. */
const clientTypes = {
  name: 'client-types',
  test: /\/strategies\/shared\/(?:errors|refusals|strategy-client)\.d\.ts$/,
};
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
