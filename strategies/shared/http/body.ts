import type { IncomingMessage } from 'node:http';
import type { Clock } from '../clock.ts';
import type { RefusalCode } from '../refusals.ts';

/** In ms, for the whole body. */
const LONGEST_BODY_TIME = 10_000;
/** In bytes: two tokens of the longest kind fit, with all that goes with them. */
const LONGEST_BODY = 16 * 1024;
/** JSON is UTF-8 (RFC 8259); whoever names another encoding is not understood. */
const JSON_TYPE = /^application\/json\s*(?:;\s*charset="?utf-8"?\s*)?$/i;

/** A body that is not taken, and the HTTP status that says why. It holds nothing of the body. */
export class BodyRefused extends Error {
  override readonly name = 'BodyRefused';
  readonly status: 400 | 408 | 413 | 415;

  /** The code that a client is told. */
  get code(): RefusalCode {
    return this.status === 408 ? 'too-slow' : 'bad-message';
  }

  constructor(status: BodyRefused['status']) {
    super(`The body was refused with HTTP ${status}`);
    this.status = status;
  }
}

/**
 * Reads the JSON object that is the body of a request.
 * @throws BodyRefused 415 where it is not sent as JSON: a form of another site can send anything but that; 413 where it is
 * over 16 KiB, without reading more; 408 where it is not there within 10 s by `clock`; 400 where it is no JSON object
 */
export async function readJson(request: IncomingMessage & { readonly body?: unknown }, clock: Clock): Promise<object> {
  const { 'content-type': type = '', 'content-encoding': encoding = 'identity' } = request.headers;
  if (!JSON_TYPE.test(type) || encoding.toLowerCase() !== 'identity') throw new BodyRefused(415);
  if (Number(request.headers['content-length']) > LONGEST_BODY) throw new BodyRefused(413);
  // The application may have a parser that came first.
  const body = request.body ?? parsed(await bytesOf(request, clock));
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new BodyRefused(400);
  return body;
}

function bytesOf(request: IncomingMessage, clock: Clock): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let size = 0;
    const refuse = (status: BodyRefused['status']) => {
      chunks = [];
      cancel();
      reject(new BodyRefused(status));
    };
    const cancel = clock.schedule(LONGEST_BODY_TIME, () => refuse(408));
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > LONGEST_BODY) refuse(413);
      else chunks.push(chunk);
    });
    request.once('end', () => {
      cancel();
      resolve(Buffer.concat(chunks));
    });
    request.once('error', () => refuse(400));
    request.once('close', () => {
      if (!request.complete) refuse(400);
    });
  });
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    // The error would quote the body.
    throw new BodyRefused(400);
  }
}
