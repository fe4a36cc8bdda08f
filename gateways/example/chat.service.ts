import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Principal } from '../../strategies/strategy.ts';

export interface ChatMessage {
  readonly id: string;
  readonly from: string;
  readonly text: string;
}

const LOBBY = 'lobby';
const KEPT = 100;

/** Who may chat, in which room, and what was said last. */
@Injectable()
export class ChatService {
  readonly #rooms = new Map<string, ChatMessage[]>();

  /** Whoever is muted may connect anywhere but here. */
  canConnect({ roles }: Principal): boolean {
    return !roles.includes('muted');
  }

  /** The lobby is everyone's; any other room is that of the subject it is named for. */
  canEnter({ subject, roles }: Principal, room: string): boolean {
    return room === LOBBY || room === subject || roles.includes('moderator');
  }

  post(from: string, room: string, text: string): ChatMessage {
    const message = { id: randomUUID(), from, text };
    const messages = this.#rooms.get(room) ?? [];
    messages.push(message);
    if (messages.length > KEPT) messages.shift();
    this.#rooms.set(room, messages);
    return message;
  }

  /** Whether there was such a message. */
  delete(room: string, id: string): boolean {
    const messages = this.#rooms.get(room) ?? [];
    const index = messages.findIndex((message) => message.id === id);
    if (index >= 0) messages.splice(index, 1);
    return index >= 0;
  }
}

/** The room that a handshake asks for; the lobby where it asks for none, undefined where the name is none. */
export function roomOf(auth: Readonly<Record<string, unknown>>): string | undefined {
  const { room = LOBBY } = auth;
  return typeof room === 'string' && /^[\w.-]{1,64}$/.test(room) ? room : undefined;
}
