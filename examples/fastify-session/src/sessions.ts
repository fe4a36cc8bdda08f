import type { FastifySessionOptions } from '@fastify/session';
import type { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import type { ExternalSession } from 'nest-ws-auth-lab/strategy';

declare module 'fastify' {
  interface Session {
    account?: { id: string; roles: string[] };
  }
}

export const sessionOptions: FastifySessionOptions = {
  secret: process.env['SESSION_SECRET'] ?? failWithoutSecret(),
  saveUninitialized: false,
  cookie: { httpOnly: true, sameSite: 'lax', secure: 'auto', path: '/' },
};

/** The sessions of the application for the gateways. Hooks of Fastify do not run for a WebSocket, so this loads the session. */
export const sessionsOf = (host: HttpAdapterHost): ExternalSession => ({
  middleware(request, _response, next) {
    const fastify = host.httpAdapter.getInstance<FastifyInstance>();
    const { sessionId } = fastify.parseCookie(request.headers.cookie ?? '');
    if (sessionId === undefined) next();
    else fastify.decryptSession(sessionId, request as never, next);
  },
  user({ session }) {
    const account = (session as { account?: { id: string; roles: string[] } } | undefined)?.account;
    return account && { subject: account.id, roles: account.roles };
  },
});

function failWithoutSecret(): never {
  throw new Error('Set SESSION_SECRET to a random text of at least 32 characters');
}
