export interface Message {
  id: string;
  from: string;
  text: string;
}

/** Socket.IO's events, by name. */
export interface ServerToClient {
  message: (message: Message) => void;
}

export interface ClientToServer {
  message: (message: { text: string }, answer: (message: Message) => void) => void;
}
