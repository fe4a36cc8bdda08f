import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Bundles a module for browsers, minified. `text` imports files of this repository by their path from its root. */
export async function bundleOf(text: string, external: readonly string[] = []): Promise<string> {
  const input = 'entry';
  const build = await rolldown({
    input,
    external: [...external],
    platform: 'browser',
    plugins: [
      {
        name: input,
        resolveId: (id) => (id === input ? id : id.startsWith('./strategies/') ? root + id.slice(2) : undefined),
        load: (id) => (id === input ? text : undefined),
      },
    ],
  });
  const { output } = await build.generate({ format: 'esm', minify: true });
  await build.close();
  return output[0].code;
}
