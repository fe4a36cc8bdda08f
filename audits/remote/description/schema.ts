import { z } from 'zod';

const text = z.string().min(1);

const pointer = z
  .string()
  .regex(/^(?:\/[^/]*)*$/, 'takes a JSON Pointer such as /error/code')
  .describe('A JSON Pointer (RFC 6901), such as /error/code. The empty text is the whole answer');

const request = z.strictObject({
  url: text.describe('An absolute URL, or a path of the audited server. {credential} stands for the credential'),
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).default('POST'),
  headers: z
    .record(z.string(), z.string())
    .default({})
    .describe('HTTP headers. {credential} stands for the credential, and ${NAME} for a variable of the environment'),
  body: z
    .json()
    .optional()
    .describe('Sent as JSON. {credential} stands for the credential, and ${NAME} for a variable of the environment'),
});

const signIn = request
  .extend({
    pointer: pointer.optional().describe('Where the token is in the JSON of the answer, such as /access_token'),
    cookie: text
      .optional()
      .describe(
        'The name of the cookie in the answer that is the credential. If this and "pointer" are left out, it is the cookie of "at"',
      ),
  })
  .describe('A request that signs in. Every probe gets a credential of its own');

const source = z
  .union([
    z.strictObject({
      file: text.describe('A file that holds the credential. Its path starts at the folder of this file'),
    }),
    z.strictObject({ env: text.describe('The name of a variable of the environment that holds the credential') }),
    z.strictObject({ signIn }),
  ])
  .describe('How to get a credential. It is never written into this file');

const PLACE = /^(?:auth\.[\w.-]+|header\.[\w-]+|cookie\.[^=;\s]+|query\.[\w.-]+|message)$/;

const said = {
  event: text.describe('The name of the event'),
  arguments: z
    .array(z.json())
    .default([])
    .describe(
      'The arguments of the event, sent as they are. In a first message, {credential} stands for the credential',
    ),
};

const answer = z
  .union([
    z.literal('ack').describe('The server acknowledges the event'),
    z.literal('none').describe('The server does not answer'),
    z.strictObject({ event: text }).describe('The server sends an event of this name to this client only'),
    z.strictObject({ broadcast: text }).describe('The server sends an event of this name to other clients too'),
  ])
  .describe('How the server answers a valid client. If you leave it out, the audit finds it out');

const credential = z.strictObject({
  at: z
    .union([z.string().regex(PLACE), z.array(z.string().regex(PLACE)).min(1)])
    .default('auth.token')
    .describe(
      'The place of the credential: auth.NAME, header.NAME, cookie.NAME, query.NAME, or message (the first message)',
    ),
  format: z
    .string()
    .includes('{credential}')
    .optional()
    .describe(
      'How the credential is written there. Default: {credential}, and "Bearer {credential}" in a header Authorization',
    ),
  message: z.strictObject(said).optional().describe('The first message. {credential} stands for the credential'),
  valid: source.optional().describe('A credential that the server admits'),
  second: source
    .optional()
    .describe('Another valid credential, of another session. Its client sends the event that the others receive'),
  expired: source.optional().describe('A credential that has expired'),
  short: source.optional().describe('A credential that expires within --wait'),
  forbidden: source
    .optional()
    .describe('A validly issued credential of a user whom the application must refuse, such as a banned one'),
});

/** `ws-audit.json`: all that the audit has to know of a server. */
export const description = z
  .strictObject({
    $schema: z.string().optional(),
    url: text.describe('The address of the server, such as http://127.0.0.1:3000'),
    platform: z
      .enum(['socket.io', 'ws'])
      .default('socket.io')
      .describe('socket.io, or ws: plain WebSocket with JSON frames'),
    path: text
      .startsWith('/')
      .optional()
      .describe('The path of the endpoint. Default: /socket.io/, or / for the ws platform'),
    namespace: text.startsWith('/').default('/').describe('The Socket.IO namespace'),
    transports: z
      .array(z.enum(['websocket', 'polling']))
      .min(1)
      .optional()
      .describe('The transports to try, in this order. Default: the first one that works'),
    frames: z
      .strictObject({ event: text.default('event'), data: text.nullable().default('data') })
      .default({ event: 'event', data: 'data' })
      .describe(
        'For the ws platform: the fields of a JSON frame. If data is null, the fields of the data are beside the name of the event',
      ),
    tls: z
      .strictObject({
        ca: text.optional().describe('A PEM file of the authority that signed the certificate of the server'),
        servername: text.optional(),
        anyCertificate: z.boolean().optional().describe('Accept any certificate. Only for a server on this machine'),
      })
      .optional(),
    origin: text.optional().describe('The origin of your own pages, which the server accepts'),
    headers: z.record(z.string(), z.string()).default({}).describe('HTTP headers that are sent with every connection'),
    credential: credential.default({ at: 'auth.token' }),
    before: z.array(z.strictObject(said)).default([]).describe('Events that a client sends first, such as join'),
    event: z
      .strictObject({ ...said, answer: answer.optional() })
      .optional()
      .describe('An event that only an authenticated client may send. Leave it out if the server only pushes'),
    refusal: z
      .strictObject({
        event: text.optional().describe('An event of this name is a refusal'),
        pointer: pointer.optional().describe('An answer with a value at this place is a refusal'),
        value: z.json().optional().describe('Only this value at that place is a refusal'),
      })
      .optional()
      .describe('How a refusal of the event looks. If you leave it out, common forms are recognised'),
    receives: z.array(text).optional().describe('The names of events that only an authenticated client may receive'),
    actions: z
      .strictObject({
        signOut: request.optional(),
        ban: request.optional(),
        changeRoles: request.optional().describe('Takes the right to send the event away from the user'),
      })
      .default({})
      .describe('Requests that end a credential or a right. Use a test user: the audit sends them'),
  })
  .meta({ title: 'ws-audit.json', description: 'A description of the WebSocket server to audit' });

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
