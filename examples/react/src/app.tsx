import { createClient } from 'nest-ws-auth-lab/strategies/connection-lease/client';
import { useState } from 'react';
import { Chat } from './chat.js';
import type { ClientToServer, Message, ServerToClient } from './events.js';
import { SignIn } from './sign-in.js';
import { useAuthSocket } from './use-auth-socket.js';
import { inWords } from './words.js';

const url: string = import.meta.env.VITE_SERVER_URL ?? 'http://localhost:3000';
const client = createClient({ url, storage: localStorage });

export function App() {
  const [messages, setMessages] = useState<readonly Message[]>([]);
  const add = (message: Message) => setMessages((shown) => [...shown, message]);
  const chat = useAuthSocket<ServerToClient, ClientToServer>(client, `${url}/chat`, { message: add });
  const { state, socket } = chat;
  const hasEnded = state?.name === 'ended';

  async function send(text: string) {
    if (socket !== undefined) add(await socket.request('message', { text }));
  }

  async function signIn(username: string, password: string) {
    // They may be those of another user.
    setMessages([]);
    await chat.signIn(username, password);
  }

  // The browser is signed out, even if the server cannot be told now.
  const signOut = () => chat.signOut().catch(() => {});

  return (
    <main>
      <header>
        <h1>Chat</h1>
        <p role="status" className={state?.name}>
          {inWords(state)}
        </p>
      </header>
      {state === undefined || hasEnded ? (
        <SignIn signIn={signIn} />
      ) : (
        <Chat messages={messages} send={send} signOut={signOut} />
      )}
      {hasEnded && state.reason.action === 'retry' && (
        <button type="button" className="quiet" onClick={chat.reconnect}>
          Try again
        </button>
      )}
    </main>
  );
}
