import { z } from 'zod';

const text = z.string().min(1);

const pointer = z
  .string()
  .regex(/^(?:\/[^/]*)*$/, 'takes a JSON Pointer such as /error/code')
  .describe('a JSON Pointer (RFC 6901), such as /error/code; the empty text is the whole answer');

const request = z.strictObject({
  url: text.describe(
    'an absolute URL, or a path of the server that is audited; {credential} stands for the credential',
  ),
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).default('POST'),
  headers: z
    .record(z.string(), z.string())
    .default({})
    .describe('{credential} stands for the credential, and ${NAME} for a variable of the environment'),
  body: z.json().optional().describe('sent as JSON; {credential} and ${NAME} are replaced in it'),
});

const signIn = request
  .extend({
    pointer: pointer.optional().describe('where the token is in the JSON of the answer, such as /access_token'),
    cookie: text
      .optional()
      .describe('the cookie of the answer that is the credential; that of "at" if this and "pointer" are left out'),
  })
  .describe('a request that signs in: every probe gets a credential of its own');

const source = z
  .union([
    z.strictObject({ file: text.describe('a file that holds the credential, by its path from this file') }),
    z.strictObject({ env: text.describe('a variable of the environment that holds the credential') }),
    z.strictObject({ signIn }),
  ])
  .describe('how to get a credential; it never stands in this file');

const PLACE = /^(?:auth\.[\w.-]+|header\.[\w-]+|cookie\.[^=;\s]+|query\.[\w.-]+|message)$/;

const said = {
  event: text.describe('the name of the event'),
  arguments: z.array(z.json()).default([]).describe('sent as they are; {credential} is replaced in a first message'),
};

const answer = z
  .union([
    z.literal('ack').describe('an acknowledgement'),
    z.literal('none').describe('there is none'),
    z.strictObject({ event: text }).describe('an event to this client alone'),
    z.strictObject({ broadcast: text }).describe('an event that other clients receive too'),
  ])
  .describe('how the server answers a valid client; found out from the valid client if it is left out');

const credential = z.strictObject({
  at: z
    .union([z.string().regex(PLACE), z.array(z.string().regex(PLACE)).min(1)])
    .default('auth.token')
    .describe('where it goes: auth.NAME, header.NAME, cookie.NAME, query.NAME, or message (the first message)'),
  format: z
    .string()
    .includes('{credential}')
    .optional()
    .describe('how it is written there; a header Authorization has "Bearer {credential}" if this is left out'),
  message: z.strictObject(said).optional().describe('the first message, where the credential is {credential}'),
  valid: source.optional().describe('a credential that the server admits'),
  second: source.optional().describe('another one, of another session, whose client causes broadcasts'),
  expired: source.optional().describe('one that has expired'),
  short: source.optional().describe('one that expires within --wait'),
  forbidden: source.optional().describe('a validly issued one, of a user whom the application must refuse'),
});

/** `ws-audit.json`: all that the audit has to know of a server. */
export const description = z
  .strictObject({
    $schema: z.string().optional(),
    url: text.describe('the address, such as http://127.0.0.1:3000'),
    platform: z.enum(['socket.io', 'ws']).default('socket.io').describe('ws: WebSocket with JSON frames'),
    path: text.startsWith('/').optional().describe('of the endpoint: /socket.io/ or / if it is left out'),
    namespace: text.startsWith('/').default('/').describe('of Socket.IO'),
    transports: z
      .array(z.enum(['websocket', 'polling']))
      .min(1)
      .optional()
      .describe('the first one that works is used if this is left out'),
    frames: z
      .strictObject({ event: text.default('event'), data: text.nullable().default('data') })
      .default({ event: 'event', data: 'data' })
      .describe('of the ws platform: the fields of a frame; data null: the data stands beside the name of the event'),
    tls: z
      .strictObject({
        ca: text.optional().describe('a PEM file of the authority that has signed the certificate'),
        servername: text.optional(),
        anyCertificate: z.boolean().optional().describe('accept any certificate; only for this machine'),
      })
      .optional(),
    origin: text.optional().describe('the origin of your own pages, which the server accepts'),
    headers: z.record(z.string(), z.string()).default({}).describe('sent with every connection'),
    credential: credential.default({ at: 'auth.token' }),
    before: z.array(z.strictObject(said)).default([]).describe('events that a client sends first, such as join'),
    event: z
      .strictObject({ ...said, answer: answer.optional() })
      .optional()
      .describe('an event that only an authenticated client may send; none for a server that only pushes'),
    refusal: z
      .strictObject({
        event: text.optional().describe('an event of this name is a refusal'),
        pointer: pointer.optional().describe('an answer with a value at this place is a refusal'),
        value: z.json().optional().describe('only this value is one'),
      })
      .optional()
      .describe('how a refusal of the event looks; common forms are recognised if this is left out'),
    receives: z.array(text).optional().describe('the events that only an authenticated client may receive'),
    actions: z
      .strictObject({
        signOut: request.optional(),
        ban: request.optional(),
        changeRoles: request.optional().describe('takes the right to send the event away from the user'),
      })
      .default({})
      .describe('requests that end a credential'),
  })
  .meta({ title: 'ws-audit.json', description: 'A WebSocket server that is audited' });

export type DescriptionInput = z.input<typeof description>;
export type Description = z.output<typeof description>;
export type Source = z.output<typeof source>;
export type RequestOf = z.output<typeof request>;
export type Answer = z.output<typeof answer>;

/** The JSON Schema of `ws-audit.json`, for editors. */
export const jsonSchema = (): object => z.toJSONSchema(description, { io: 'input' });

/** Replaces `{credential}` and `${NAME}` in every string of `value`. */
export function filledIn<T>(
  value: T,
  replacement: string,
  environment: Readonly<Record<string, string | undefined>>,
): T {
  if (typeof value === 'string')
    return value
      .replaceAll('{credential}', () => replacement)
      .replaceAll(/\$\{(\w+)\}/g, (whole, name: string) => environment[name] ?? whole) as T;
  if (Array.isArray(value)) return value.map((item) => filledIn(item as unknown, replacement, environment)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, filledIn(item as unknown, replacement, environment)]),
  ) as T;
}
