import type { IncomingMessage } from 'node:http';
import { networkInterfaces } from 'node:os';

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

/** Whether only this machine can reach a host. */
export const isLoopback = (host: string): boolean => LOOPBACK.includes(bracketed(host));

/** The values that a browser may write into `Host` to reach a server at this host and port. */
export function hostsOf(host: string, port: number): ReadonlySet<string> {
  const all = ['0.0.0.0', '::'].includes(host)
    ? Object.values(networkInterfaces()).flatMap((addresses = []) => addresses.map(({ address }) => address))
    : [];
  return new Set([...LOOPBACK, host, ...all].map((name) => `${bracketed(name)}:${port}`));
}

const bracketed = (host: string): string => (host.includes(':') && !host.startsWith('[') ? `[${host}]` : host);

/**
 * The status under which a request is refused; undefined where it may pass. A page of another site may name us by a host of
 * its own (DNS rebinding), or send requests here; only our own page may press the buttons.
 */
export function refusedBy({ method, headers }: IncomingMessage, hosts: ReadonlySet<string>): number | undefined {
  const { host = '', origin, 'sec-fetch-site': site } = headers;
  if (!hosts.has(host.toLowerCase())) return 421;
  if (method !== 'GET' && method !== 'HEAD' && method !== 'POST') return 405;
  const own = `http://${host.toLowerCase()}`;
  if (method === 'POST') return origin === own ? undefined : 403;
  if (origin !== undefined && origin !== own) return 403;
  return site === undefined || site === 'same-origin' || site === 'none' || headers['sec-fetch-mode'] === 'navigate'
    ? undefined
    : 403;
}

/** On every answer. */
export const SAFE_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
} as const;
