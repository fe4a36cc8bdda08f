import { Inject } from '@nestjs/common';
import { ConnectedSocket, SubscribeMessage, WebSocketGateway, WebSocketServer } from '@nestjs/websockets';
import type { Namespace, Socket } from 'socket.io';
import { Connections } from '../../gateways/connections/connections.ts';
import { Public } from '../../gateways/messages/public.ts';
import { Roles } from '../../gateways/messages/roles.guard.ts';
import { type Guest, isGuest, subjectRoom, User } from '../../gateways/principal.ts';
import type { OnGuestSignIn } from '../../gateways/handshake/sign-in.gate.ts';
import { WsManager } from '../../gateways/ws-manager.ts';
import {
  type AuthDecision,
  type Handshake,
  nothingPresented,
  type Principal,
  type RefusalNotice,
  refused,
} from '../../strategies/strategy.ts';
import type { TestClient } from './test-client.ts';
import { admitting } from './test-strategy.ts';
import { TestServer, type TestServerOptions } from './test-server.ts';

/** A lobby that guests may enter, where some handlers are for users only. */
@Public()
@WebSocketGateway({ namespace: '/lobby' })
export class LobbyGateway extends WsManager implements OnGuestSignIn {
  /** The calls of the hooks, in order. */
  readonly told: string[] = [];
  @WebSocketServer() private readonly namespace!: Namespace;
  @Inject(Connections) private readonly connections!: Connections;

  handleConnection(client: Socket): void {
    this.told.push(`connected ${nameOf(client)}`);
  }

  handleSignIn(client: Socket): void {
    this.told.push(`signed in ${nameOf(client)}`);
    if (nameOf(client) === 'unwelcome') throw new Error('unwelcome');
  }

  handleDisconnect(client: Socket): void {
    this.told.push(`left ${nameOf(client)}`);
  }

  @Public()
  @SubscribeMessage('whoami')
  whoAmI(@User() user: Principal | Guest, @ConnectedSocket() { data }: Socket) {
    return { subject: user.subject, guest: isGuest(user), user: (data as { user?: unknown }).user };
  }

  @SubscribeMessage('post')
  post(): string {
    return 'posted';
  }

  @Roles(['moderator'])
  @SubscribeMessage('delete')
  delete(): string {
    return 'deleted';
  }

  /** Says something to all connections of a subject. */
  say(subject: string): void {
    this.namespace.to(subjectRoom(subject)).emit('news', subject);
  }

  /** How many sockets are in the room of a subject. */
  roomOf(subject: string): number {
    return this.namespace.adapter.rooms.get(subjectRoom(subject))?.size ?? 0;
  }

  get guests(): number {
    return this.connections.guests;
  }
}

@WebSocketGateway({ namespace: '/account' })
export class AccountGateway extends WsManager {
  @SubscribeMessage('whoami')
  whoAmI(@User() { subject }: Principal) {
    return { subject };
  }
}

const nameOf = ({ data }: Socket): string => {
  const { principal } = data as { principal: Principal };
  return isGuest(principal) ? 'a guest' : principal.subject;
};

/** Admits whoever names itself in `auth.subject`; a subject that is no text is an invalid credential. */
export const named = (overrides: Parameters<typeof admitting>[0] = {}) => {
  const { authenticate } = admitting();
  return admitting({
    authenticate(handshake: Handshake) {
      const { subject } = handshake.auth;
      if (subject === undefined) return nothingPresented;
      return typeof subject === 'string' ? authenticate(handshake) : refused('unauthenticated');
    },
    ...overrides,
  });
};

/** As `named`, and `decide` decides on whoever presents a token. */
export const tokens = (decide: (token: unknown) => AuthDecision | Promise<AuthDecision>) => {
  const { authenticate } = named();
  return named({
    authenticate: (handshake) =>
      handshake.auth['token'] === undefined ? authenticate(handshake) : decide(handshake.auth['token']),
  });
};

export const admit = (principal: Partial<Principal> = {}, rest: object = {}): AuthDecision => ({
  admitted: true,
  principal: { subject: 'ann', roles: [], ...principal },
  ...rest,
});

export const connectionsOf = ({ app }: TestServer): Connections => app.get(Connections, { strict: false });

export async function guestIn(server: TestServer): Promise<TestClient> {
  const client = server.connect('/lobby');
  await client.answered;
  return client;
}

export const startLobby = (authenticator = named(), options: TestServerOptions = {}) =>
  TestServer.start(authenticator, { gateways: [LobbyGateway, AccountGateway], ...options });

/** Notices for a guest that signs in on its connection where the credential is a cookie. */
export async function signInWithCookie(): Promise<RefusalNotice[]> {
  const server = await startLobby(named({ credentialInRequest: true }));
  const client = server.connect('/lobby');
  await client.ask('auth:signin', { subject: 'ann' });
  return client.notices;
}
