import { type INestApplication, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { IoAdapter } from '@nestjs/platform-socket.io';
import type { Server, ServerOptions, Socket } from 'socket.io';

export interface NestOptions {
  /** Runs before CONNECT is accepted, in every namespace. */
  readonly middleware?: (socket: Socket) => void | Promise<void>;
  readonly options?: Partial<ServerOptions>;
  readonly onApp?: (app: INestApplication) => void;
}

@Module({})
class AppModule {}

/** An application with these gateways on a free port of this machine. Returns its address. */
export async function nest(
  gateways: Type[],
  { middleware, options = {}, onApp = () => {} }: NestOptions = {},
): Promise<string> {
  const app = await NestFactory.create({ module: AppModule, providers: gateways }, { logger: false });
  app.useWebSocketAdapter(new Adapter(app, middleware, options));
  onApp(app);
  await app.listen(0, '127.0.0.1');
  return app.getUrl();
}

class Adapter extends IoAdapter {
  readonly #middleware: NestOptions['middleware'];
  readonly #options: Partial<ServerOptions>;

  constructor(app: INestApplication, middleware: NestOptions['middleware'], options: Partial<ServerOptions>) {
    super(app);
    this.#middleware = middleware;
    this.#options = options;
  }

  override createIOServer(port: number, given?: ServerOptions): Server {
    const server: Server = super.createIOServer(port, { ...given, ...this.#options } as ServerOptions);
    const decide = this.#middleware;
    if (decide === undefined) return server;
    const middleware = async (socket: Socket, next: (error?: Error) => void): Promise<void> => {
      try {
        await decide(socket);
        next();
      } catch {
        next(new Error('unauthorized'));
      }
    };
    server.use((socket, next) => void middleware(socket, next));
    server.on('new_namespace', (namespace) => namespace.use((socket, next) => void middleware(socket, next)));
    return server;
  }
}
