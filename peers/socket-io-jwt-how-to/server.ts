import { createServer, type IncomingMessage } from 'node:http';
import express, { type NextFunction, type Request, type Response } from 'express';
import passport from 'passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { Server } from 'socket.io';
import { ChatService } from '../../gateways/example/chat.service.ts';
import type { Principal } from '../../strategies/strategy.ts';
import type { PeerOptions, RunningPeer } from '../peer.ts';
import { bootPlain } from '../shared/boot.ts';
import { principalOf, serveChat, type TokenPayload } from '../shared/chat.ts';
import { tokenLogin } from '../shared/token-login.ts';

const claims = { issuer: 'accounts.example.com', audience: 'example.com' };

export async function start(options: PeerOptions): Promise<RunningPeer> {
  const app = express();
  const server = createServer(app);
  const io = new Server(server);
  const chat = new ChatService();
  // The page takes the one that the package exports; an instance lets two servers live in a process.
  const authenticator = new passport.Passport();
  const jwtFromRequest = ExtractJwt.fromAuthHeaderAsBearerToken();
  authenticator.use(
    new Strategy({ jwtFromRequest, secretOrKey: options.secret, ...claims }, (payload: TokenPayload, done) =>
      done(null, principalOf(payload)),
    ),
  );

  app.post('/auth/login', express.json(), tokenLogin(options, claims));
  io.engine.use((request: Request, response: Response, next: NextFunction) => {
    const { _query: query } = request as unknown as { _query: { sid?: string } };
    // The handshake alone: later requests of a polling transport name its `sid`.
    if (query.sid === undefined) authenticator.authenticate('jwt', { session: false })(request, response, next);
    else next();
  });
  io.of('/chat').on('connection', (socket) => {
    const { user } = socket.request as IncomingMessage & { user: Principal };
    serveChat(chat, socket, user);
  });
  return bootPlain(server, io);
}
