import { existsSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { checkedDescription } from '../remote/description/read.ts';
import { checkUrl, TargetError } from '../remote/target.ts';
import type { DescriptionInput } from '../remote/description/schema.ts';
import type { Channel } from '../remote/wire/channel.ts';
import { http } from '../remote/wire/request.ts';
import { openWebSocket } from '../remote/wire/web-socket.ts';
import type { Output } from './run-audit.ts';

const options = {
  url: { type: 'string' },
  namespace: { type: 'string', default: '/' },
  out: { type: 'string', default: 'ws-audit.json' },
  yes: { type: 'boolean', default: false },
  'i-own-this-server': { type: 'boolean', default: false },
} as const;

/** How long the first frame of Engine.IO may take, in ms. */
const FIRST_FRAME = 1000;
/** Paths at which servers of Socket.IO are looked for. */
const PATHS = ['/socket.io/', '/ws/', '/ws/socket.io/', '/realtime/', '/socket/'];

/** Looks at a server, asks what cannot be seen, and writes `ws-audit.json`. @throws TargetError */
export async function init(args: readonly string[], { out }: Output): Promise<number> {
  const { values } = parseArgs({ args: [...args], options });
  if (values.url === undefined) throw new TargetError('init takes the address: --url http://127.0.0.1:3000');
  if (existsSync(values.out))
    throw new TargetError(`${values.out} is there already: remove it, or choose another --out`);
  const url = checkUrl(values.url, values['i-own-this-server']);
  const seen = await look(url);
  const isAsking = process.stdin.isTTY && !values.yes;
  const isWs = seen.platform === 'ws';
  const suggested = { ...defaultsOf(isWs), namespace: values.namespace };
  const answers = isAsking ? await askFor(isWs, suggested) : suggested;
  const description = described(url, seen, answers);
  checkedDescription(description, values['i-own-this-server'], values.out);
  writeFileSync(values.out, `${JSON.stringify(description, null, 2)}\n`);
  if (isWs) out('No Socket.IO server was found there, so the platform is ws. Check "path" and "frames".\n');
  out(`Wrote ${values.out}. Correct what is wrong in it, then run the audit: --config ${values.out}\n`);
  return 0;
}

interface Seen {
  readonly platform: 'socket.io' | 'ws';
  readonly path?: string;
  readonly transports?: ('websocket' | 'polling')[];
}

/** The platform, the path and the transports, by a request and, if its answer does not tell, a WebSocket for each path. */
async function look(url: string): Promise<Seen> {
  for (const path of PATHS) {
    const { body } = await http(`${url}${path}?EIO=4&transport=polling`).catch((error: unknown) => {
      throw new TargetError(`Cannot reach ${url}: ${(error as Error).message}`);
    });
    const own = path === PATHS[0] ? {} : { path };
    const upgrades = /"upgrades":\[([^\]]*)\]/.exec(body)?.[1];
    if (upgrades !== undefined)
      return {
        platform: 'socket.io',
        ...own,
        transports: upgrades.includes('websocket') ? ['websocket'] : ['polling'],
      };
    // Engine.IO answers an unwanted transport by a code. A server may answer it in words of its own.
    if (/"code":\d/.test(body) || (await opensEngineIo(`${url}${path}?EIO=4&transport=websocket`)))
      return { platform: 'socket.io', ...own, transports: ['websocket'] };
  }
  return { platform: 'ws', path: '/' };
}

/** Whether a WebSocket is opened there, and its first frame is that of Engine.IO. */
function opensEngineIo(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const no = (): void => resolve(false);
    const onFrame = (frame: string): void => resolve(frame.startsWith('0{"sid"'));
    const closeLater = ({ close }: Channel) => setTimeout(() => (close(), no()), FIRST_FRAME);
    openWebSocket({ url, headers: {} }, { onFrame, onClosed: no }).then(closeLater, no);
  });
}

type Answers = Readonly<Record<keyof typeof questions, string>>;

const questions = {
  namespace: ['Namespace', '/'],
  at: ['Where the credential goes (auth.token, header.authorization, cookie.sid, query.token, message)', 'auth.token'],
  env: ['The variable of the environment that holds a valid credential', 'WS_CREDENTIAL'],
  event: ['An event that only an authenticated client may send (empty for none)', ''],
} as const;

/** Clients of `ws` send no object `auth`. */
const defaultsOf = (isWs: boolean): Answers => (isWs ? { ...defaults, at: 'query.token' } : defaults);

/** The form of a first message, to be filled in. */
const FIRST = { event: 'authenticate', arguments: [{ token: '{credential}' }] };

const defaults = Object.fromEntries(Object.entries(questions).map(([name, [, value]]) => [name, value])) as Answers;

async function askFor(isWs: boolean, suggested: Answers): Promise<Answers> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answers: Record<string, string> = { ...suggested };
  for (const [name, [question]] of Object.entries(questions)) {
    if (isWs && name === 'namespace') continue;
    const value = answers[name]!;
    const given = await terminal.question(`${question}${value === '' ? '' : ` [${value}]`}: `);
    answers[name] = given.trim() || value;
  }
  terminal.close();
  return answers as Answers;
}

const described = (
  url: string,
  { platform, path, transports }: Seen,
  { namespace, at, env, event }: Answers,
): DescriptionInput => ({
  $schema: './node_modules/nest-ws-audit/ws-audit.schema.json',
  url,
  platform,
  ...(path !== undefined && { path }),
  ...(platform === 'socket.io' && { namespace }),
  ...(transports && { transports }),
  credential: { at, ...(at === 'message' && { message: FIRST }), valid: { env } },
  ...(event !== '' && { event: { event, arguments: [] } }),
});
