import { type CanActivate, Inject, Injectable, UseGuards } from '@nestjs/common';
import { type OnGatewayConnection, SubscribeMessage, WebSocketGateway, WsException } from '@nestjs/websockets';
import { setTimeout as delay } from 'node:timers/promises';
import { type UserSocket, validate, validateNow, withApp } from './app.ts';

const tokenOf = (client: UserSocket): unknown => (client.handshake.auth as { token?: unknown }).token;

/** Is a guard asked when a client connects? */
async function guardsAtConnect() {
  let asked = 0;
  @Injectable()
  class Guard implements CanActivate {
    canActivate(): boolean {
      asked += 1;
      return true;
    }
  }
  @UseGuards(Guard)
  @WebSocketGateway()
  class Gateway implements OnGatewayConnection {
    handleConnection(): void {}

    @SubscribeMessage('act')
    act(): string {
      return 'done';
    }
  }
  return withApp([Gateway], async (connect) => {
    const visitor = await connect();
    const atConnect = asked;
    await visitor.ask('act');
    return { atConnect, perMessage: asked - atConnect };
  });
}

/** Three events right behind CONNECT with a bad token: how many does a handler see before the base disconnects? */
async function disconnectInBase() {
  const handledAfter = async (ms: number | undefined) => {
    let handled = 0;
    class Base implements OnGatewayConnection<UserSocket> {
      handleConnection(client: UserSocket): void | Promise<void> {
        const settle = (user: UserSocket['user']): void => {
          if (user === undefined) client.disconnect(true);
          else client.user = user;
        };
        return ms === undefined ? settle(validateNow(tokenOf(client))) : validate(tokenOf(client), ms).then(settle);
      }
    }
    @WebSocketGateway()
    class Gateway extends Base {
      @SubscribeMessage('act')
      act(): string {
        handled += 1;
        return 'done';
      }
    }
    await withApp([Gateway], async (connect) => {
      const visitor = await connect({ token: 'forged', pipelined: ['act', 'act', 'act'] });
      await visitor.answers;
    });
    return handled;
  };
  return { handledSync: await handledAfter(undefined), handledAsync: await handledAfter(10) };
}

/** After `super.handleConnection()`: is the user there? And is the client in its room when its first message comes? */
async function afterSuper() {
  const seenWith = async (ms: number | undefined) => {
    let seen = false;
    let inRoom = false;
    class Base implements OnGatewayConnection<UserSocket> {
      handleConnection(client: UserSocket): void | Promise<void> {
        if (ms === undefined) client.user = validateNow(tokenOf(client));
        else return validate(tokenOf(client), ms).then((user) => void (client.user = user));
      }
    }
    @WebSocketGateway()
    class Gateway extends Base {
      override handleConnection(client: UserSocket): void | Promise<void> {
        const settled = super.handleConnection(client);
        seen = client.user !== undefined;
        if (settled === undefined) void client.join('room');
        else return settled.then(() => void client.join('room'));
      }

      @SubscribeMessage('act')
      act(client: UserSocket): boolean {
        inRoom = client.rooms.has('room');
        return inRoom;
      }
    }
    await withApp([Gateway], async (connect) => void (await (await connect({ pipelined: ['act'] })).answers));
    return { seen, inRoom };
  };
  const [sync, async] = [await seenWith(undefined), await seenWith(10)];
  return { seenSync: sync.seen, seenAsync: async.seen, inRoomSync: sync.inRoom, inRoomAsync: async.inRoom };
}

/** Which field of the handshake has what the client sent as `auth`? */
async function handshakeField() {
  let handshake: object = {};
  @WebSocketGateway()
  class Gateway implements OnGatewayConnection<UserSocket> {
    handleConnection(client: UserSocket): void {
      ({ handshake } = client);
    }
  }
  await withApp([Gateway], async (connect) => void (await connect()));
  return { authentication: 'authentication' in handshake, auth: 'auth' in handshake };
}

/** Does a refusal reach the ack that waits for it? */
async function refusalAndAck() {
  @Injectable()
  class Guard implements CanActivate {
    canActivate(): boolean {
      throw new WsException('Unauthorized');
    }
  }
  @WebSocketGateway()
  class Gateway {
    @UseGuards(Guard)
    @SubscribeMessage('act')
    act(): string {
      return 'done';
    }
  }
  return withApp([Gateway], async (connect) => {
    const visitor = await connect();
    const told = new Promise<boolean>((resolve) => {
      visitor.socket.once('exception', () => resolve(true));
      setTimeout(() => resolve(false), 900);
    });
    const answer = await visitor.ask('act');
    return { ackAnswered: answer !== undefined, exceptionEvent: await told };
  });
}

/** Property injection on the base: do subclasses get it, with and without a constructor of their own? */
async function propertyInjection() {
  @Injectable()
  class Authentication {
    validate = validateNow;
  }
  @Injectable()
  class Rooms {}
  class Base {
    @Inject(Authentication) protected readonly authentication!: Authentication;
  }
  @WebSocketGateway()
  class Plain extends Base {
    @SubscribeMessage('plain')
    plain(): boolean {
      return this.authentication instanceof Authentication;
    }
  }
  @WebSocketGateway()
  class WithConstructor extends Base {
    constructor(@Inject(Rooms) private readonly rooms: Rooms) {
      super();
    }

    @SubscribeMessage('own')
    own(): boolean {
      return this.authentication instanceof Authentication && this.rooms instanceof Rooms;
    }
  }
  return withApp(
    [Plain, WithConstructor],
    async (connect) => {
      const visitor = await connect();
      return { without: await visitor.ask('plain'), withConstructor: await visitor.ask('own') };
    },
    [Authentication, Rooms],
  );
}

/** Throws in `handleConnection`, as the article refuses a client; whatever follows is the caller's to see. */
export async function throwingHook(asynchronous: boolean, survive: boolean) {
  if (survive) for (const event of ['uncaughtException', 'unhandledRejection']) process.on(event, () => {});
  @WebSocketGateway()
  class Gateway implements OnGatewayConnection {
    handleConnection(): void | Promise<void> {
      const refuse = (): never => {
        throw new Error('Cannot connect to the chat service');
      };
      return asynchronous ? delay(5).then(refuse) : refuse();
    }

    @SubscribeMessage('act')
    act(): string {
      return 'done';
    }
  }
  return withApp([Gateway], async (connect) => {
    const visitor = await connect();
    await delay(50);
    return { stillConnected: visitor.socket.connected, handled: (await visitor.ask('act')) === 'done' };
  });
}

/** By the names that claims ask for. */
export const demonstrations = {
  'guards-at-connect': guardsAtConnect,
  'disconnect-in-base': disconnectInBase,
  'after-super': afterSuper,
  'handshake-field': handshakeField,
  'refusal-and-ack': refusalAndAck,
  'property-injection': propertyInjection,
};
