import type { Type } from '@nestjs/common';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import type { Socket } from 'socket.io';
import { describe, expect, it, onTestFinished } from 'vitest';
import { principalOf } from '../../../gateways/principal.ts';
import { RefusalException } from '../../../gateways/refusal.exception.ts';
import { WsManager } from '../../../gateways/ws-manager.ts';
import { until } from '../../support/gate.ts';
import { TestServer } from '../../support/test-server.ts';
import { admitting } from '../../support/test-strategy.ts';

const faults = {
  'throws an error': () => {
    throw new Error('broken');
  },
  'throws a refusal': () => {
    throw new RefusalException('forbidden');
  },
  'rejects with an error': async () => {
    await Promise.resolve();
    throw new Error('broken');
  },
  'rejects with a refusal': async () => {
    await Promise.resolve();
    throw new RefusalException('forbidden');
  },
} satisfies Record<string, () => void | Promise<void>>;

/** What would have ended a process that has no test runner around it. */
function processFaults(): unknown[] {
  const seen: unknown[] = [];
  const note = (error: unknown) => void seen.push(error);
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, note);
    onTestFinished(() => void process.off(event, note));
  }
  return seen;
}

/** Two gateways whose hooks fail for the subject `mallory`, one on the base class and one that inherits nothing. */
function failingGateways(fault: () => void | Promise<void>): Record<'extending' | 'plain', Type> {
  const failFor = (client: Socket) => (principalOf(client).subject === 'mallory' ? fault() : undefined);

  @WebSocketGateway({ namespace: '/room' })
  class Extending extends WsManager {
    handleConnection(client: Socket): void {
      // A promise where the type says void, as an application's own override may be.
      return failFor(client) as void;
    }
  }

  @WebSocketGateway({ namespace: '/room' })
  class Plain {
    handleConnection(client: Socket): void | Promise<void> {
      return failFor(client);
    }
  }
  return { extending: Extending, plain: Plain };
}

/** Notes for whom its hooks and its handler ran. */
@WebSocketGateway({ namespace: '/room' })
class LaterGateway extends WsManager {
  readonly came: string[] = [];
  readonly left: string[] = [];

  handleConnection(client: Socket): void {
    this.came.push(principalOf(client).subject);
  }

  handleDisconnect(client: Socket): void {
    this.left.push(principalOf(client).subject);
  }

  @SubscribeMessage('ping')
  ping(): string {
    return 'pong';
  }
}

describe.each(Object.entries(faults))('a connection hook that %s', (name, fault) => {
  const code = name.endsWith('refusal') ? 'forbidden' : 'failed';

  it.each(['extending', 'plain'] as const)('costs that one client, on a gateway that is %s', async (kind) => {
    const ended = processFaults();
    const server = await TestServer.start(admitting(), { gateways: [failingGateways(fault)[kind], LaterGateway] });
    const other = server.connect('/room', { subject: 'ann' });
    expect(await other.ask('ping')).toBe('pong');
    const mallory = server.connect('/room', { subject: 'mallory' });
    expect(await mallory.cut).toBe(code);
    expect(await other.ask('ping')).toBe('pong');
    expect(server.counters()).toMatchObject({ open: 1, pending: 0, cut: { [code]: 1 } });
    expect(ended).toEqual([]);
  });
});

describe.each([0, 1, 2])('of three gateways on a namespace (order %i)', (turn) => {
  const log: string[] = [];

  class Noting extends WsManager {
    handleConnection(client: Socket): void {
      log.push(`${principalOf(client).subject} came to ${this.constructor.name}`);
    }

    handleDisconnect(client: Socket): void {
      log.push(`${principalOf(client).subject} left ${this.constructor.name}`);
    }
  }

  @WebSocketGateway({ namespace: '/room' })
  class First extends Noting {}

  @WebSocketGateway({ namespace: '/room' })
  class Second extends Noting {
    override handleConnection(client: Socket): void {
      super.handleConnection(client);
      if (principalOf(client).subject === 'mallory') throw new RefusalException('forbidden');
    }
  }

  @WebSocketGateway({ namespace: '/room' })
  class Third extends Noting {}

  const order = [First, Second, Third, First, Second].slice(turn, turn + 3);

  it('one that sends a client away is the last whose hook runs, and those before it hear that it left', async () => {
    log.length = 0;
    const server = await TestServer.start(admitting(), { gateways: [...order, LaterGateway] });
    await server.connect('/room', { subject: 'ann' }).ask('ping');
    const hooks = log.map((line) => line.replace('ann came to ', ''));
    expect(hooks.toSorted()).toEqual(['First', 'Second', 'Third']);
    const reached = hooks.slice(0, hooks.indexOf('Second') + 1);
    log.length = 0;
    await server.connect('/room', { subject: 'mallory' }).cut;
    expect(log.filter((line) => line.includes('came'))).toEqual(reached.map((name) => `mallory came to ${name}`));
    expect(log.filter((line) => line.includes('left')).toSorted()).toEqual(
      reached.map((name) => `mallory left ${name}`).toSorted(),
    );
  });
});

it('who leaves is told of as gone once, to each gateway that let it in', async () => {
  @WebSocketGateway({ namespace: '/room' })
  class LastGateway extends LaterGateway {}

  const server = await TestServer.start(admitting(), { gateways: [LaterGateway, LastGateway] });
  const client = server.connect('/room');
  expect(await client.answered).toBe('connected');
  client.close();
  await until(() => server.app.get(LastGateway).left.length > 0);
  expect(server.app.get(LaterGateway).left).toEqual(['ann']);
  expect(server.app.get(LastGateway).left).toEqual(['ann']);
});

it.each([faults['throws an error'], faults['rejects with an error']])(
  'a disconnection hook that fails (%#) ends nothing else',
  async (fault) => {
    @WebSocketGateway({ namespace: '/room' })
    class Leaving extends WsManager {
      handleDisconnect(): void | Promise<void> {
        return fault();
      }
    }
    const ended = processFaults();
    const server = await TestServer.start(admitting(), { gateways: [Leaving, LaterGateway] });
    const leaver = server.connect('/room', { subject: 'mallory' });
    expect(await leaver.answered).toBe('connected');
    leaver.close();
    await until(() => server.app.get(LaterGateway).left.length > 0);
    expect(await server.connect('/room', { subject: 'ann' }).ask('ping')).toBe('pong');
    expect(server.app.get(LaterGateway).left).toEqual(['mallory']);
    expect(server.counters()).toMatchObject({ open: 1, pending: 0 });
    expect(ended).toEqual([]);
  },
);
