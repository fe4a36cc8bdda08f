import { posix } from 'node:path';
import type { Plugin } from 'rolldown';

/** The chunk of `optional-package.ts`. */
export const LOADER = 'shared/optional-package';

/** The packages of Nest have one version. */
const versionFor = (name: string): string =>
  name.startsWith('@nestjs/') ? ', () => require("@nestjs/common/package.json").version' : '';

/** Lets CommonJS load each of these packages by `optionalPackage`, so that an error says how to install it. */
export const optionalPeers = (names: readonly string[]): Plugin => ({
  name: 'optional-peers',
  renderChunk(code, { fileName }) {
    const path = posix.relative(posix.dirname(fileName), `${LOADER}.cjs`);
    const loader = `require(${JSON.stringify(path.startsWith('.') ? path : `./${path}`)}).optionalPackage`;
    return code.replaceAll(/\brequire\("([^"]+)"\)/g, (call, name: string) =>
      names.includes(name) ? `${loader}(${JSON.stringify(name)}, () => ${call}${versionFor(name)})` : call,
    );
  },
});
