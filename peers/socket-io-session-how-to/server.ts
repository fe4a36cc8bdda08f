import { createServer } from 'node:http';
import express, { type Request } from 'express';
import session from 'express-session';
import { Server } from 'socket.io';
import { ChatService } from '../../gateways/example/chat.service.ts';
import type { Principal } from '../../strategies/strategy.ts';
import type { PeerOptions, RunningPeer } from '../peer.ts';
import { bootPlain } from '../shared/boot.ts';
import { serveChat } from '../shared/chat.ts';

/** How often the page has a silent connection look whether its session still is, in ms. */
const SESSION_RELOAD_INTERVAL = 30_000;

/** What the sign-in keeps in the session. */
const kept = (request: Request): { user?: Principal } => request.session;

export async function start({ directory, secret, lifetime }: PeerOptions): Promise<RunningPeer> {
  const app = express();
  const server = createServer(app);
  const io = new Server(server);
  const chat = new ChatService();
  const sessionMiddleware = session({
    secret,
    resave: true,
    saveUninitialized: true,
    cookie: { maxAge: lifetime },
  });
  app.use(sessionMiddleware);

  app.post('/auth/login', express.json(), async (request, response) => {
    const { username, password } = request.body as { username: string; password: string };
    const user = await directory.verifyPassword(username, password);
    if (user === undefined) {
      response.status(401).end();
      return;
    }
    // The page has no sign-in: this is the one of express-session's README.
    request.session.regenerate(() => {
      kept(request).user = { subject: user.subject, roles: user.roles };
      response.status(204).end();
    });
  });
  app.post('/auth/logout', (request, response) => {
    const { id } = request.session;
    request.session.destroy(() => {
      io.of('/chat').in(id).disconnectSockets();
      response.status(204).end();
    });
  });

  io.engine.use(sessionMiddleware);
  io.of('/chat').on('connection', (socket) => {
    const request = socket.request as Request;
    const { user } = kept(request);
    // The page authenticates nobody: that there is a user is the application's to ask.
    if (user === undefined) {
      socket.disconnect();
      return;
    }
    void socket.join(request.session.id);
    socket.use((_, next) => {
      request.session.reload((error) => {
        if (error) socket.disconnect();
        else next();
      });
    });
    const timer = setInterval(() => {
      request.session.reload((error) => {
        if (error) socket.conn.close();
      });
    }, SESSION_RELOAD_INTERVAL);
    socket.on('disconnect', () => clearInterval(timer));
    serveChat(chat, socket, user);
  });
  return bootPlain(server, io);
}
