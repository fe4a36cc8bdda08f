/** One thing that a server says. */
export type Said =
  | { readonly kind: 'admitted' }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'left' }
  | { readonly kind: 'ack'; readonly id: number; readonly args: readonly unknown[] }
  | { readonly kind: 'event'; readonly name: string; readonly args: readonly unknown[] };

/** How a platform writes CONNECT and events, and how its frames are read. */
export interface Dialect {
  /** CONNECT is a frame of its own. Otherwise an open channel is an admitted client. */
  readonly connects: boolean;
  connect(namespace: string, auth: Readonly<Record<string, unknown>>): string;
  event(namespace: string, name: string, args: readonly unknown[], id: number | undefined): string;
  /** Undefined for a frame that is none of an application. */
  read(frame: string, namespace: string): Said | undefined;
  /** The frame that answers a heartbeat; undefined where the frame is none. */
  pong(frame: string): string | undefined;
}

const prefix = (namespace: string): string => (namespace === '/' ? '' : `${namespace},`);

/** Engine.IO 4 and Socket.IO 5, as text. */
export const socketIo: Dialect = {
  connects: true,
  connect: (namespace, auth) => `40${prefix(namespace)}${Object.keys(auth).length === 0 ? '' : JSON.stringify(auth)}`,
  event: (namespace, name, args, id) => `42${prefix(namespace)}${id ?? ''}${JSON.stringify([name, ...args])}`,
  pong: (frame) => (frame === '2' ? '3' : undefined),
  read(frame, namespace) {
    const match = /^4([0-6])(?:\d+-)?(?:(\/[^,]*),)?(\d*)(.*)$/s.exec(frame);
    if (match === null) return undefined;
    const [, type, own = '/', id, body = ''] = match;
    if (own !== namespace) return undefined;
    if (type === '0') return { kind: 'admitted' };
    if (type === '1') return { kind: 'left' };
    const parsed = jsonOf(body);
    if (type === '4') return { kind: 'refused', why: textOf(parsed) };
    if (!Array.isArray(parsed)) return undefined;
    if (type === '3' || type === '6') return { kind: 'ack', id: Number(id), args: parsed };
    const [name, ...args] = parsed as unknown[];
    return { kind: 'event', name: String(name), args };
  },
};

/** JSON frames, as Nest's `ws` platform has them: `{"event": name, "data": data}`. */
export const jsonFrames = (fields: { readonly event: string; readonly data: string | null }): Dialect => ({
  connects: false,
  connect: () => '',
  pong: () => undefined,
  event(_, name, [data]) {
    // Without a field for it, the fields of the data stand beside the name.
    const rest = fields.data === null ? (data as object | undefined) : { [fields.data]: data };
    return JSON.stringify({ [fields.event]: name, ...rest });
  },
  read(frame) {
    const parsed = jsonOf(frame);
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined;
    const { [fields.event]: name, ...rest } = parsed as Record<string, unknown>;
    if (typeof name !== 'string') return { kind: 'event', name: '', args: [parsed] };
    return { kind: 'event', name, args: [fields.data === null ? rest : rest[fields.data]] };
  },
});

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The message of a refusal. Socket.IO's is `{"message": ..., "data": ...}`. */
function textOf(refusal: unknown): string {
  if (typeof refusal === 'string') return refusal;
  const message = (refusal as { message?: unknown } | null)?.message;
  return typeof message === 'string' ? message : JSON.stringify(refusal);
}
