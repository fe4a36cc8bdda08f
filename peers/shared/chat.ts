import type { Socket } from 'socket.io';
import { type ChatMessage, type ChatService, roomOf } from '../../gateways/example/chat.service.ts';
import type { Principal } from '../../strategies/strategy.ts';

/** What the tokens of the peers say of their user. */
export interface TokenPayload {
  readonly sub: string;
  readonly roles: readonly string[];
}

export const principalOf = ({ sub, roles }: TokenPayload): Principal => ({ subject: sub, roles });

/** The room that the handshake asks for; undefined where `user` may not enter it. */
export function roomFor(chat: ChatService, client: Socket, user: Principal): string | undefined {
  const room = roomOf(client.handshake.auth);
  return room !== undefined && chat.canConnect(user) && chat.canEnter(user, room) ? room : undefined;
}

/** Tells the others in the room, and returns the ack. */
export function say(chat: ChatService, client: Socket, from: string, room: string, text: string): ChatMessage {
  const message = chat.post(from, room, text);
  client.to(room).emit('message', message);
  return message;
}

/** The chat of a peer without Nest, for a user who is known by now. */
export function serveChat(chat: ChatService, client: Socket, user: Principal): void {
  const room = roomFor(chat, client, user);
  if (room === undefined) {
    client.disconnect();
    return;
  }
  void client.join(room);
  client.on('sendMessage', ({ text }: { text: string }, ack: (message: ChatMessage) => void) =>
    ack(say(chat, client, user.subject, room, text)),
  );
}
