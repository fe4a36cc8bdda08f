import type { RequestHandler } from 'express';
import jwt from 'jsonwebtoken';
import type { PeerOptions } from '../peer.ts';

/** The sign-in of a peer on Express: a password for a signed token. */
export function tokenLogin(
  { directory, secret, lifetime }: PeerOptions,
  claims: { issuer?: string; audience?: string } = {},
): RequestHandler {
  return async (request, response) => {
    const { username, password } = request.body as { username: string; password: string };
    const user = await directory.verifyPassword(username, password);
    if (user === undefined) {
      response.status(401).end();
      return;
    }
    const options = { ...claims, expiresIn: `${lifetime}ms` } as const;
    response.json({ token: jwt.sign({ sub: user.subject, roles: user.roles }, secret, options) });
  };
}
