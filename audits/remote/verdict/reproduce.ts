import type { Description } from '../description/schema.ts';
import type { Reproduction } from './cause.ts';

/** How a value is made from `credential`, in the code of a client. */
const forms: Readonly<Record<Reproduction['variant'], string>> = {
  valid: 'credential',
  expired: 'credential',
  forbidden: 'credential',
  none: '',
  arbitrary: `credential.replace(/[a-z0-9]/g, () => Math.random().toString(36).at(-1))`,
  forged: `credential.replace(/[^.]+$/, (signature) => 'A'.repeat(signature.length))`,
  'other-secret': `[...credential.split('.').slice(0, 2), createHmac('sha256', 'guess').update(credential.replace(/\\.[^.]*$/, '')).digest('base64url')].join('.')`,
  'alg-none': `[Buffer.from('{"alg":"none"}').toString('base64url'), credential.split('.')[1], ''].join('.')`,
};

/** A client of about ten lines that shows the finding. The credential comes from the environment. */
export function reproduction(
  description: Description,
  { variant, origin, root, after }: Reproduction,
  transport: string,
  places: readonly string[],
): string {
  const { url, path, platform, event, credential, before } = description;
  const namespace = root ? '/' : description.namespace;
  const value = forms[variant];
  const sent = value === '' ? {} : optionsOf(places, credential.format);
  const needs = value.includes('createHmac') ? [`import { createHmac } from 'node:crypto';`] : [];
  const taken =
    value === ''
      ? []
      : [`const credential = process.env.WS_CREDENTIAL;`, ...(value === 'credential' ? [] : [`const bad = ${value};`])];
  const name = value === 'credential' ? 'credential' : 'bad';
  const headers = { ...(origin && { origin: `'https://foreign.example'` }), ...sent.headers };
  const messages = [
    ...(value !== '' && places.includes('message') && credential.message ? [credential.message] : []),
    ...(root ? [] : [...before, ...(event ? [event] : [])]),
  ];
  const said = messages.map(
    ({ event: called, arguments: args }) =>
      [called, args.map((arg) => JSON.stringify(arg).replaceAll('"{credential}"', name))] as const,
  );
  const wait = after === undefined ? [] : [`// Then: ${after}. What comes later shows the finding.`];
  if (platform === 'ws') {
    const query = sent.query === undefined ? '' : `?${Object.keys(sent.query)[0]}=\${${name}}`;
    const address = `${url.replace('http', 'ws')}${path ?? '/'}${query}`;
    const frames = said.map(([called, args]) => {
      const data = args[0] ?? '{}';
      const { event: field, data: inner } = description.frames;
      const frame =
        inner === null ? `{ ${field}: '${called}', ...${data} }` : `{ ${field}: '${called}', ${inner}: ${data} }`;
      return `  socket.send(JSON.stringify(${frame}));`;
    });
    return [
      ...needs,
      `import { WebSocket } from 'ws';`,
      ...taken,
      `const socket = new WebSocket(\`${address}\`${optionText({ headers }, name)});`,
      `socket.on('open', () => {`,
      ...frames,
      ...wait.map((line) => `  ${line}`),
      `});`,
      `socket.on('message', (data) => console.log(String(data)));`,
      `socket.on('close', (code) => console.log('closed', code));`,
    ].join('\n');
  }
  const options = {
    ...(path !== undefined && { path: `'${path}'` }),
    transports: `['${transport}']`,
    ...(sent.auth && { auth: sent.auth }),
    ...(sent.query && { query: sent.query }),
    extraHeaders: headers,
  };
  return [
    ...needs,
    `import { io } from 'socket.io-client';`,
    ...taken,
    `const socket = io('${url}${namespace === '/' ? '' : namespace}'${optionText(options, name)});`,
    `socket.onAny((...event) => console.log('received', ...event));`,
    `socket.on('connect', () => {`,
    `  console.log('connected');`,
    ...said.map(
      ([called, args]) =>
        `  socket.emit(${[`'${called}'`, ...args].join(', ')}, (answer) => console.log('answer', answer));`,
    ),
    ...wait.map((line) => `  ${line}`),
    `});`,
    `socket.on('connect_error', ({ message }) => console.log('refused', message));`,
    `socket.on('disconnect', (reason) => console.log('disconnected', reason));`,
  ].join('\n');
}

/** `@` stands for the variable that holds the credential. */
interface Placed {
  readonly auth?: Record<string, unknown>;
  readonly headers?: Record<string, string>;
  readonly query?: Record<string, string>;
}

function optionsOf(places: readonly string[], format: string | undefined): Placed {
  const placed: { auth?: Record<string, unknown>; headers?: Record<string, string>; query?: Record<string, string> } =
    {};
  for (const place of places) {
    const [kind, ...rest] = place.split('.');
    const name = rest.join('.');
    const scheme = format ?? (name.toLowerCase() === 'authorization' ? 'Bearer {credential}' : '{credential}');
    const written = scheme === '{credential}' ? '@' : `\`${scheme.replace('{credential}', '${@}')}\``;
    if (kind === 'auth')
      placed.auth = rest.toReversed().reduce<unknown>((inner, key) => ({ [key]: inner }), written) as never;
    if (kind === 'header') placed.headers = { ...placed.headers, [name]: written };
    if (kind === 'cookie') placed.headers = { ...placed.headers, cookie: `\`${name}=\${@}\`` };
    if (kind === 'query') placed.query = { ...placed.query, [name]: written };
  }
  return placed;
}

function optionText(options: Readonly<Record<string, unknown>>, name: string): string {
  const text = (value: unknown): string => {
    if (typeof value === 'string') return value.replaceAll('@', name);
    const fields = Object.entries(value as object).filter(
      ([, item]) => typeof item === 'string' || Object.keys(item as object).length > 0,
    );
    return `{ ${fields.map(([key, item]) => `${/^\w+$/.test(key) ? key : `'${key}'`}: ${text(item)}`).join(', ')} }`;
  };
  const written = text(options);
  return written === '{  }' ? '' : `, ${written}`;
}
