import { MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import type { INestApplication } from '@nestjs/common';
import type { ApplicationConfig } from '@nestjs/core';
import { expect, it } from 'vitest';
import { AccountGateway, guestIn, LobbyGateway, named } from '../../support/guests-app.ts';
import { TestServer } from '../../support/test-server.ts';

/** A second gateway of the namespace, which inherits nothing. */
@WebSocketGateway({ namespace: '/account' })
class PlainGateway {
  @SubscribeMessage('echo')
  echo(@MessageBody() text: string) {
    return { text };
  }
}

/** Removes the global guards: Nest 10 and 11 ask none about a gateway. */
const withoutGlobalGuards = (app: INestApplication): void => {
  (app as unknown as { config: ApplicationConfig }).config.getGlobalGuards().length = 0;
};

const start = (authenticator = named()) =>
  TestServer.start(authenticator, {
    gateways: [LobbyGateway, AccountGateway, PlainGateway],
    prepare: withoutGlobalGuards,
  });

const codeOf = (answer: unknown): unknown => (answer as { refused?: { code: string } }).refused?.code;

it('messages are guarded in versions of Nest that ask no global guard about gateways', async () => {
  const server = await start();
  const guest = await guestIn(server);
  expect(codeOf(await guest.ask('post', {}))).toBe('unauthenticated');
  const user = server.connect('/lobby', { subject: 'ann' });
  await user.answered;
  expect(await user.ask('post', {})).toBe('posted');
  expect(codeOf(await user.ask('delete', {}))).toBe('forbidden');
});

it('so are those of a gateway that inherits nothing', async () => {
  const server = await start(named({ authorize: () => ({ admitted: false, code: 'expired' }) }));
  const user = server.connect('/account', { subject: 'ann' });
  await user.answered;
  // Without the kit's filter, Nest tells it by an event alone.
  const told = user.next('exception');
  user.socket.emit('echo', 'hello');
  expect(await told).toMatchObject({ code: 'expired' });
});
