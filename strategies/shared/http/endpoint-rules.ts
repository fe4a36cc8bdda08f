import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { AbstractHttpAdapter } from '@nestjs/core';
import type { NextFunction, Request, Response } from 'express';
import type { Clock } from '../clock.ts';
import { noticeOf, type RefusalNotice } from '../refusals.ts';
import { BodyRefused, readJson } from './body.ts';

/** Installs the rules of the endpoints on one HTTP platform. */
type Install = (
  adapter: AbstractHttpAdapter,
  isEndpoint: (method: string, path: string) => boolean,
  clock: Clock,
) => void;

/** The part of Fastify that is needed. */
interface Fastify {
  addHook(
    name: 'preParsing',
    hook: (request: FastifyRequest, reply: FastifyReply, payload: unknown) => Promise<unknown>,
  ): void;
}
interface FastifyRequest {
  readonly method: string;
  readonly url: string;
  /** Its `url` is the path of the route; undefined if no route serves the request. */
  readonly routeOptions: { readonly url?: string };
  readonly raw: IncomingMessage;
}
interface FastifyReply {
  readonly raw: ServerResponse;
  code(status: number): FastifyReply;
  send(body: object): FastifyReply;
}

/** The rules, keyed by the name of the platform. */
export const rules: Readonly<Record<'express' | 'fastify', Install>> = {
  express(adapter, isEndpoint, clock) {
    adapter.use(async (request: Request, response: Response, next: NextFunction) => {
      if (!isEndpoint(request.method, request.path)) return next();
      const { body, refused } = await received(request, response, clock);
      // The parser of Express 4 would read the body again, and fail.
      Object.assign(request, { body, _body: true });
      if (refused === undefined) next();
      else response.status(refused.status).json(refused.notice);
    });
  },
  fastify(adapter, isEndpoint, clock) {
    const fastify = adapter.getInstance<Fastify>();
    fastify.addHook('preParsing', async (request, reply, payload) => {
      // The route counts: Fastify decodes a path before it finds one, and has options that spell a route in more ways.
      const path = request.routeOptions.url ?? request.url.split('?', 1)[0]!;
      if (!isEndpoint(request.method, path)) return payload;
      const { body, refused } = await received(request.raw, reply.raw, clock);
      if (refused !== undefined) return reply.code(refused.status).send(refused.notice);
      // Fastify reads the body once more. It compares the length that was sent, and not that of this text.
      const receivedEncodedLength = Number(request.raw.headers['content-length']) || undefined;
      // Fastify 4 takes bytes only: a text here would end the process.
      const bytes = Buffer.from(JSON.stringify(body, withoutPrototypes));
      return Object.assign(Readable.from([bytes]), { receivedEncodedLength });
    });
  },
};

/** Leaves out the members that Fastify refuses in words of its own. No endpoint has them. */
const withoutPrototypes = (name: string, value: unknown): unknown =>
  name === '__proto__' || name === 'constructor' ? undefined : value;

interface Received {
  readonly body?: object;
  readonly refused?: { readonly status: number; readonly notice: RefusalNotice };
}

async function received(request: IncomingMessage, response: ServerResponse, clock: Clock): Promise<Received> {
  response.setHeader('Cache-Control', 'no-store');
  // HTTP/1.0 caches, as RFC 6749 5.1 has it for every answer that may hold a token.
  response.setHeader('Pragma', 'no-cache');
  try {
    return { body: await readJson(request, clock) };
  } catch (error) {
    const { status, code } = error instanceof BodyRefused ? error : new BodyRefused(400);
    // The rest of the body is not read.
    if (!request.complete) response.setHeader('Connection', 'close');
    return { refused: { status, notice: noticeOf(code) } };
  }
}
