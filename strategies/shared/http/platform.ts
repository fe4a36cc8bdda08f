import type { IncomingMessage, ServerResponse } from 'node:http';

/** A request of Express, which extends Node's, or of Fastify, which wraps it. */
export interface HttpRequest extends Pick<IncomingMessage, 'headers' | 'socket'> {
  /** The host that a trusted proxy names, otherwise that of the request. Express 4 leaves the port out, and Fastify 4 has `hostname` instead. */
  readonly host?: string;
  readonly hostname?: string;
  /** `https` over TLS, or if a trusted proxy says so. */
  readonly protocol?: string;
  readonly raw?: IncomingMessage;
}

/** A response of Express or Fastify. */
export type HttpResponse = ServerResponse | { readonly raw: ServerResponse };

export const nodeRequest = (request: HttpRequest): IncomingMessage =>
  request.raw ?? (request as unknown as IncomingMessage);

export const nodeResponse = (response: HttpResponse): ServerResponse => ('raw' in response ? response.raw : response);

/** The host that a request names, with its port; as a proxy says, if the application trusts it. */
export function hostOf(request: HttpRequest): string | undefined {
  const { host, 'x-forwarded-host': forwarded } = request.headers;
  return forwarded === undefined && host !== undefined ? host : (request.host ?? request.hostname);
}

/** Express and Fastify have the same method for it. */
export const sendJson = (response: HttpResponse, body: object): void =>
  void (response as unknown as { send(body: object): unknown }).send(body);
