import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Action, actions } from '../stage/actions.ts';
import { DemonstratingError, type ShownClaims } from '../claims/shown-claims.ts';
import type { Scenario } from '../stage/scenario.ts';
import { BusyError, type Stage } from '../stage/stage.ts';
import { type About, aboutOf } from './about.ts';
import { EVIDENCE } from './claims-section.ts';
import { Feed } from './feed.ts';
import { playPage } from './play-page.ts';
import { playStyle } from './play-style.ts';
import { hostsOf, refusedBy, SAFE_HEADERS } from './request-rules.ts';

export interface PlayServerOptions {
  readonly stage: Stage;
  readonly scenarios: readonly Scenario[];
  /** The claims of the article that the page can try. Default: none. */
  readonly claims?: ShownClaims;
  /** The repository. */
  readonly root: string;
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
}

/** The modules of the page and those that it shares with us, by their paths below `/code/`. */
const FOLDERS = ['model', 'page'];

/** Serves the page, what happens on the stage, and the buttons. */
export class PlayServer {
  readonly #options: PlayServerOptions;
  readonly #server: Server;
  readonly #feed: Feed;
  readonly #code = codeOf();
  /** Read at the start, as what the servers run was. */
  readonly #about: ReadonlyMap<string, About>;
  #hosts: ReadonlySet<string> = new Set();

  private constructor(options: PlayServerOptions) {
    this.#options = options;
    this.#feed = new Feed(options.stage);
    this.#about = new Map(options.stage.entries.map((entry) => [entry.key, aboutOf(options.root, entry)]));
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  static async listen(options: PlayServerOptions): Promise<PlayServer> {
    const server = new PlayServer(options);
    server.#server.listen(options.port, options.host);
    await once(server.#server, 'listening');
    server.#hosts = hostsOf(options.host, (server.#server.address() as AddressInfo).port);
    return server;
  }

  get url(): string {
    const { host } = this.#options;
    const { port } = this.#server.address() as AddressInfo;
    return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  }

  /** Presses a button, and tells every page. */
  async press(action: Action): Promise<void> {
    const failed = await this.#options.stage.act(action);
    this.#feed.did(action.label, failed.length);
  }

  async close(): Promise<void> {
    this.#feed.close();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(SAFE_HEADERS)) response.setHeader(name, value);
    // No request has a body that matters.
    request.resume();
    const refused = refusedBy(request, this.#hosts);
    if (refused !== undefined) return end(response, refused);
    const { pathname } = new URL(request.url ?? '/', 'http://page');
    try {
      if (request.method === 'POST') await this.#post(pathname, response);
      else await this.#get(pathname, response);
    } catch (error) {
      const busy = error instanceof BusyError || error instanceof DemonstratingError;
      end(response, busy ? 429 : 500);
      if (!busy) process.stderr.write(`play: ${pathname} failed: ${String(error)}\n`);
    }
  }

  async #get(path: string, response: ServerResponse): Promise<void> {
    const { stage, scenarios, claims, root } = this.#options;
    if (path === '/') return send(response, 'text/html', playPage(stage, scenarios, claims));
    if (path === '/style.css') return send(response, 'text/css', playStyle);
    if (path === '/events') return this.#feed.full ? end(response, 503) : this.#feed.open(response);
    if (path === EVIDENCE && claims !== undefined) {
      // The page has rules of its own in its head, since its styles and scripts are in it.
      response.setHeader('content-security-policy', "frame-ancestors 'none'");
      return send(response, 'text/html', readFileSync(join(root, claims.report), 'utf8'));
    }
    const code = this.#code.get(path);
    if (code !== undefined) return send(response, 'text/javascript', code);
    const [, key = '', part] = /^\/lane\/([\w-]+)(\/about)?$/.exec(path) ?? [];
    const index = stage.entries.findIndex((entry) => entry.key === key);
    if (index < 0) return end(response, 404);
    const shown = part === undefined ? await stage.lane(index)?.details() : this.#about.get(key);
    if (shown === undefined) return end(response, 503);
    return send(response, 'application/json', JSON.stringify(shown));
  }

  async #post(path: string, response: ServerResponse): Promise<void> {
    const { stage, scenarios, claims } = this.#options;
    const pressed = actions.find(({ id }) => path === `/act/${id}`);
    if (pressed !== undefined) {
      await this.press(pressed);
      return end(response, 204);
    }
    const [, claim = ''] = /^\/claim\/([\w-]+)$/.exec(path) ?? [];
    const verdict = await claims?.try(claim);
    if (verdict !== undefined) return send(response, 'application/json', JSON.stringify(verdict));
    const scenario = scenarios.find(({ id }) => path === `/scenario/${id}`);
    if (scenario === undefined) return end(response, 404);
    end(response, 204);
    await stage.play(scenario, (action) => this.press(action));
  }
}

function codeOf(): Map<string, string> {
  return new Map(
    FOLDERS.flatMap((folder) => {
      const url = new URL(`../${folder}/`, import.meta.url);
      return readdirSync(fileURLToPath(url))
        .filter((name) => name.endsWith('.js'))
        .map((name) => [`/code/${folder}/${name}`, readFileSync(new URL(name, url), 'utf8')] as const);
    }),
  );
}

function send(response: ServerResponse, type: string, text: string): void {
  response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(text);
}

function end(response: ServerResponse, status: number): void {
  if (!response.headersSent) response.writeHead(status);
  response.end();
}
