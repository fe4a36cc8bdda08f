import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { snippets } from '../support/readme.ts';

/** A fresh application, as `nest new` of that version makes it, without what formats and lints it. */
export interface App {
  readonly nest: 10 | 11 | 12;
  readonly type: 'commonjs' | 'module';
  readonly packages: Readonly<Record<string, string>>;
  readonly compilerOptions: Readonly<Record<string, unknown>>;
  readonly files: Readonly<Record<string, string>>;
  /** The command that runs its tests. */
  readonly test: readonly [string, ...string[]];
}

const nest = (version: number) =>
  Object.fromEntries(['common', 'core', 'platform-express'].map((name) => [`@nestjs/${name}`, `^${version}.0.0`]));
const common = { 'reflect-metadata': '^0.2.2', rxjs: '^7.8.1', '@types/node': '^20.19.0', '@types/express': '^5.0.0' };
const decorators = { experimentalDecorators: true, emitDecoratorMetadata: true, outDir: 'dist', rootDir: 'src' };

/** Signs a user up, asks as README's client does, and expects the answer. `it` and `expect` are those of the test runner. */
const spec = `
import { directory } from './app.module.js';
import { whoAmI } from './client.js';
import { started } from './main.js';

it('answers a message of a client that is signed in, and refuses another', async () => {
  const app = await started;
  const url = 'http://127.0.0.1:' + app.getHttpServer().address().port;
  const { subject } = await directory.add({ username: 'ada', password: 'a password', roles: ['moderator'] });
  expect(await whoAmI(url, 'ada', 'not it').catch((error) => error.code)).toBe('unauthenticated');
  expect(await whoAmI(url, 'ada', 'a password')).toEqual({ subject, roles: ['moderator'] });
  await app.close();
}, 60_000);
`;

/** The same for `node`, which prints what was answered. */
const play = `
import { directory } from './app.module.js';
import { whoAmI } from './client.js';
import { started } from './main.js';

async function play() {
  const app = await started;
  const url = 'http://127.0.0.1:' + app.getHttpServer().address().port;
  await directory.add({ subject: 'ada', username: 'ada', password: 'a password', roles: ['moderator'] });
  process.stdout.write(JSON.stringify(await whoAmI(url, 'ada', 'a password')));
  await app.close();
}
void play();
`;

/** Signs in by a cookie as a page of the application's own host does, and prints the status for each strategy and platform. */
export const endpoints = `
require('reflect-metadata');
const { Module } = require('@nestjs/common');
const { NestFactory } = require('@nestjs/core');
const { ExpressAdapter } = require('@nestjs/platform-express');
const { FastifyAdapter } = require('@nestjs/platform-fastify');
const { AuthAdapter, WsAuthModule } = require('nest-ws-auth-lab/gateways');
const { MemoryDirectory } = require('nest-ws-auth-lab/directory');

async function statusOf(id, path, platform) {
  const strategy = require('nest-ws-auth-lab/strategies/' + id).default;
  const directory = new MemoryDirectory();
  await directory.add({ username: 'ada', password: 'a password' });
  class AppModule {}
  Module({ imports: [WsAuthModule.forRoot({ strategy, secret: process.env.WS_AUTH_SECRET, directory })] })(AppModule);
  const app = await NestFactory.create(AppModule, platform, { logger: false, abortOnError: false });
  app.useWebSocketAdapter(new AuthAdapter(app));
  await app.listen(0, '127.0.0.1');
  const origin = 'http://127.0.0.1:' + app.getHttpServer().address().port;
  const signIn = (headers) =>
    fetch(origin + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ username: 'ada', password: 'a password' }),
    });
  const answers = [await signIn({ origin }), await signIn({ origin: 'http://127.0.0.1' })];
  await app.close();
  return answers.map(({ status }) => status).join(' and ');
}

(async () => {
  for (const [id, path] of [['session', '/auth/login'], ['connection-lease', '/auth/cookie/login']])
    for (const Platform of [ExpressAdapter, FastifyAdapter])
      console.log(id, Platform.name, await statusOf(id, path, new Platform()));
})();
`;

/** Sends messages as a guest and as a user without roles, and prints the codes of the refusals. */
export const messages = `
require('reflect-metadata');
const { Module } = require('@nestjs/common');
const { NestFactory } = require('@nestjs/core');
const { SubscribeMessage, WebSocketGateway } = require('@nestjs/websockets');
const { io } = require('socket.io-client');
const { AuthAdapter, Public, Roles, WsAuthModule, WsManager } = require('nest-ws-auth-lab/gateways');
const { MemoryDirectory } = require('nest-ws-auth-lab/directory');
const strategy = require('nest-ws-auth-lab/strategies/handshake-only').default;

class Lobby extends WsManager {
  look() { return {}; }
  post() { return {}; }
  remove() { return {}; }
}
for (const [name, ...decorators] of [['look', Public()], ['post'], ['remove', Roles(['moderator'])]])
  for (const decorate of [SubscribeMessage(name), ...decorators])
    decorate(Lobby.prototype, name, Object.getOwnPropertyDescriptor(Lobby.prototype, name));
for (const decorate of [WebSocketGateway({ namespace: '/lobby' }), Public()]) decorate(Lobby);

(async () => {
  const directory = new MemoryDirectory();
  await directory.add({ username: 'ada', password: 'a password' });
  class AppModule {}
  const auth = WsAuthModule.forRoot({ strategy, secret: process.env.WS_AUTH_SECRET, directory });
  Module({ imports: [auth], providers: [Lobby] })(AppModule);
  const app = await NestFactory.create(AppModule, { logger: false, abortOnError: false });
  app.useWebSocketAdapter(new AuthAdapter(app));
  await app.listen(0, '127.0.0.1');
  const url = 'http://127.0.0.1:' + app.getHttpServer().address().port;
  const body = JSON.stringify({ username: 'ada', password: 'a password' });
  const headers = { 'content-type': 'application/json' };
  const { accessToken: token } = await (await fetch(url + '/auth/login', { method: 'POST', headers, body })).json();
  for (const [who, given] of [['guest', {}], ['user', { token }]]) {
    const socket = io(url + '/lobby', { transports: ['websocket'], forceNew: true, auth: given });
    const answers = ['look', 'post', 'remove'].map((name) => socket.timeout(10_000).emitWithAck(name, {}));
    console.log(who, (await Promise.all(answers)).map(({ refused }) => refused?.code ?? 'ok').join(', '));
    socket.close();
  }
  await app.close();
})();
`;

const jest = (version: string) => ({
  packages: { ...common, jest: version, '@types/jest': version, 'ts-jest': '^29.4.0', typescript: '~5.9.0' },
  files: { 'src/app.spec.ts': spec },
  test: ['jest', '--no-color'] as const,
});

export const apps: readonly App[] = [
  {
    nest: 10,
    type: 'commonjs',
    ...jest('^29.5.0'),
    packages: { ...jest('^29.5.0').packages, ...nest(10) },
    // With it TypeScript looks for no `exports`.
    compilerOptions: {
      ...decorators,
      module: 'commonjs',
      target: 'ES2021',
      allowSyntheticDefaultImports: true,
      skipLibCheck: true,
    },
  },
  {
    nest: 11,
    type: 'commonjs',
    ...jest('^30.0.0'),
    packages: { ...jest('^30.0.0').packages, ...nest(11) },
    compilerOptions: {
      ...decorators,
      module: 'nodenext',
      moduleResolution: 'nodenext',
      isolatedModules: true,
      esModuleInterop: true,
      target: 'ES2023',
      skipLibCheck: true,
      strictNullChecks: true,
    },
  },
  {
    nest: 12,
    type: 'module',
    packages: { ...common, ...nest(12), vitest: '4.1.12', typescript: '7.0.2' },
    compilerOptions: {
      ...decorators,
      module: 'nodenext',
      target: 'ES2023',
      strict: true,
      types: ['node'],
    },
    files: { 'src/app.spec.ts': `import { expect, it } from 'vitest';\n${spec}` },
    test: ['vitest', 'run', 'src', '--no-color'],
  },
];

/** Writes an application without `node_modules`. */
export function writeApp({ nest: version, type, packages, compilerOptions, files }: App, folder: string): void {
  const isEsm = type === 'module';
  const used = ['account.gateway.ts', 'app.module.ts', 'main.ts', 'client.ts'].map(
    (name) => [`src/${name}`, snippets.get(name) ?? ''] as const,
  );
  const sources = [...used, ['src/play.ts', play] as const, ...Object.entries(files)];
  for (const [name, code] of sources) {
    // As README says for CommonJS.
    writeFileSync(join(folder, name), isEsm ? code : code.replaceAll(/(from '\.[^']*)\.js'/g, "$1'"));
  }
  const manifest = {
    name: `app-of-nest-${version}`,
    private: true,
    ...(isEsm && { type }),
    dependencies: packages,
    ...(!isEsm && {
      jest: {
        moduleFileExtensions: ['js', 'json', 'ts'],
        rootDir: 'src',
        testRegex: String.raw`.*\.spec\.ts$`,
        transform: { [String.raw`^.+\.(t|j)s$`]: 'ts-jest' },
        testEnvironment: 'node',
      },
    }),
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src'] }));
}
