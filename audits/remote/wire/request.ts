import { request as overHttp, type RequestOptions } from 'node:http';
import { request as overHttps } from 'node:https';

/** The largest body that is read, in bytes. */
const LARGEST = 1_000_000;

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface HttpRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** How long the answer may take, in ms. */
  readonly timeout?: number;
  readonly tls?: Tls;
  readonly signal?: AbortSignal;
}

/** How a certificate is checked that no public authority has signed. */
export interface Tls {
  /** The certificate of the authority, as PEM. */
  readonly ca?: string;
  /** The host name that the certificate is for, if it differs from that of the URL. */
  readonly servername?: string;
  /** Any certificate will do: only for a server of this machine. */
  readonly anyCertificate?: boolean;
}

export const tlsOptions = ({ ca, servername, anyCertificate }: Tls = {}): RequestOptions & {
  ca?: string;
  servername?: string;
  rejectUnauthorized?: boolean;
} => ({
  ...(ca !== undefined && { ca }),
  ...(servername !== undefined && { servername }),
  ...(anyCertificate === true && { rejectUnauthorized: false }),
});

/** Nobody answers at the address: the process is gone, or was never there. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

/** Sends one request, and follows no redirect. @throws Unreachable */
export function http(url: string, options: HttpRequest = {}): Promise<Answer> {
  const { method = 'GET', headers = {}, body, timeout = 5000, tls, signal } = options;
  return new Promise((resolve, reject) => {
    const send = url.startsWith('https:') ? overHttps : overHttp;
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const request = send(
      url,
      { method, headers: { ...headers, ...length }, agent: false, ...tlsOptions(tls), ...(signal && { signal }) },
      (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > LARGEST) response.destroy(new Error(`The answer has more than ${LARGEST} bytes`));
          else chunks.push(chunk);
        });
        response.once('error', reject);
        response.once('end', () => {
          clearTimeout(late);
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          });
        });
      },
    );
    const late = setTimeout(() => request.destroy(new Error(`no answer within ${timeout / 1000} s`)), timeout);
    request.once('error', (error) => {
      clearTimeout(late);
      reject(new Unreachable(error.message === '' ? (error as NodeJS.ErrnoException).code : error.message));
    });
    request.end(body);
  });
}
