import {
  MessageBody,
  type OnGatewayInit,
  SubscribeMessage,
  WebSocketGateway,
  WebSocketServer,
} from '@nestjs/websockets';
import type { Request, Response } from 'express';
import session from 'express-session';
import type { Server } from 'socket.io';
import { nest } from '../shared/nest.ts';
import { FORBIDDEN, target } from '../shared/target.ts';

/** The session of a request, in which this server keeps a name. */
const sessionOf = (request: unknown): { name?: string } => (request as { session: { name?: string } }).session;

const sessions = session({ secret: String(Math.random()), resave: false, saveUninitialized: false, name: 'app.sid' });

@WebSocketGateway({ cors: { origin: true, credentials: true } })
class BoardGateway implements OnGatewayInit {
  @WebSocketServer() readonly server!: Server;

  afterInit(server: Server): void {
    server.engine.use(sessions);
    server.use(({ request }, next) =>
      sessionOf(request).name === undefined ? next(new Error('unauthorized')) : next(),
    );
  }

  @SubscribeMessage('move')
  move(@MessageBody() card: number): void {
    this.server.emit('moved', card);
  }
}

export default target({
  title: 'a session of express, which a middleware looks up once, and any origin with credentials',
  finds: ['foreign-origin', 'outlives-sign-out'],
  shown: ['any-origin-with-cookie'],
  untold: [FORBIDDEN, /^(?:expiry|ban|roles)\//],
  serve: async () => ({
    url: await nest([BoardGateway], {
      onApp(app) {
        app.use(sessions);
        app.use('/login', (request: Request, response: Response) => {
          sessionOf(request).name = 'ada';
          response.end();
        });
        app.use('/logout', ({ session: own }: Request, response: Response) => own.destroy(() => response.end()));
      },
    }),
    description: {
      credential: { at: 'cookie.app.sid', valid: { signIn: { url: '/login' } } },
      event: { event: 'move', arguments: [1] },
      actions: { signOut: { url: '/logout' } },
    },
  }),
});
