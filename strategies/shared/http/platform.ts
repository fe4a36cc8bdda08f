import type { IncomingMessage, ServerResponse } from 'node:http';

/** A request of Express, which extends Node's, or of Fastify, which wraps it. */
export interface HttpRequest extends Pick<IncomingMessage, 'headers' | 'socket'> {
  /** With the port; as a proxy says, if the application trusts it. */
  readonly host?: string;
  /** `https` over TLS, or if a trusted proxy says so. */
  readonly protocol?: string;
  readonly raw?: IncomingMessage;
}

/** A response of Express or Fastify. */
export type HttpResponse = ServerResponse | { readonly raw: ServerResponse };

export const nodeRequest = (request: HttpRequest): IncomingMessage =>
  request.raw ?? (request as unknown as IncomingMessage);

export const nodeResponse = (response: HttpResponse): ServerResponse => ('raw' in response ? response.raw : response);

/** Express and Fastify have the same method for it. */
export const sendJson = (response: HttpResponse, body: object): void =>
  void (response as unknown as { send(body: object): unknown }).send(body);
