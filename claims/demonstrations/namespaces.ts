import { type OnGatewayConnection, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { type UserSocket, validateNow, withApp } from './app.ts';

/** The article's base: it says who connects; `runs` counts how often it was asked. */
function base() {
  const count = { runs: 0 };
  class Base implements OnGatewayConnection<UserSocket> {
    handleConnection(client: UserSocket): void {
      count.runs += 1;
      client.user = validateNow((client.handshake.auth as { token?: unknown }).token);
    }
  }
  return { count, Base };
}

const nameOf = (client: UserSocket): string => client.user?.name ?? 'nobody';

/** One gateway of a namespace extends the base, a second one does not: whom does the second one serve? */
async function secondGateway() {
  const { count, Base } = base();
  @WebSocketGateway({ namespace: '/chat' })
  class First extends Base {}
  @WebSocketGateway({ namespace: '/chat' })
  class Second {
    @SubscribeMessage('who')
    who(client: UserSocket): string {
      return nameOf(client);
    }
  }
  return withApp([First, Second], async (connect) => {
    const who = await (await connect({ namespace: '/chat' })).ask('who');
    return { runs: count.runs, covered: who === 'ada' };
  });
}

/** Two gateways of a namespace extend the base: how often is one client verified? */
async function twoExtend() {
  const { count, Base } = base();
  @WebSocketGateway({ namespace: '/chat' })
  class First extends Base {}
  @WebSocketGateway({ namespace: '/chat' })
  class Second extends Base {
    @SubscribeMessage('who')
    who(client: UserSocket): string {
      return nameOf(client);
    }
  }
  return withApp([First, Second], async (connect) => {
    const who = await (await connect({ namespace: '/chat' })).ask('who');
    return { runs: count.runs, covered: who === 'ada' };
  });
}

/** The base itself is decorated, for `/`: does it cover a gateway of `/` that does not extend it, and one elsewhere? */
async function decoratedBase() {
  const { count, Base } = base();
  @WebSocketGateway()
  class Decorated extends Base {}
  @WebSocketGateway()
  class OnRoot {
    @SubscribeMessage('who')
    who(client: UserSocket): string {
      return nameOf(client);
    }
  }
  @WebSocketGateway({ namespace: '/elsewhere' })
  class Elsewhere {
    @SubscribeMessage('who')
    who(client: UserSocket): string {
      return nameOf(client);
    }
  }
  return withApp([Decorated, OnRoot, Elsewhere], async (connect) => {
    const [root, elsewhere] = [await connect(), await connect({ namespace: '/elsewhere' })];
    return {
      runs: count.runs,
      coversRoot: (await root.ask('who')) === 'ada',
      coversElsewhere: (await elsewhere.ask('who')) === 'ada',
    };
  });
}

/** A new feature without a line of authentication: who is served by it, on the old namespace and on one of its own? */
async function newFeature() {
  const { Base } = base();
  @WebSocketGateway({ namespace: '/chat' })
  class Chat extends Base {}
  const served = async (namespace: string, extend: boolean) => {
    const parent = extend ? Base : Object;
    @WebSocketGateway({ namespace })
    class Feature extends (parent as new () => object) {
      @SubscribeMessage('who')
      who(client: UserSocket): string {
        return nameOf(client);
      }
    }
    return withApp([Chat, Feature], async (connect) => (await (await connect({ namespace })).ask('who')) === 'ada');
  };
  return {
    sameNamespace: await served('/chat', false),
    ownNamespace: await served('/feature', false),
    ownNamespaceExtends: await served('/feature', true),
  };
}

/** By the names that claims ask for. */
export const demonstrations = {
  'second-gateway': secondGateway,
  'two-extend': twoExtend,
  'decorated-base': decoratedBase,
  'new-feature': newFeature,
};
