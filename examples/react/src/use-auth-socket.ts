import {
  AuthSocket,
  type ConnectionState,
  type EventsMap,
  type Failure,
  type StrategyClient,
} from 'nest-ws-auth-lab/auth-socket';
import { useEffect, useEffectEvent, useState } from 'react';

/**
 * One connection for as long as the component is mounted and its user is signed in. It expects a client whose storage answers
 * at once, as `localStorage` does. `client` and `url` must stay the same between renderings.
 *
 * @param events called with the events that the server sends
 * @returns `state` is undefined while nobody is signed in. `socket` has `request`, and is undefined until the first CONNECT.
 */
export function useAuthSocket<Listen extends EventsMap, Emit extends EventsMap>(
  client: StrategyClient,
  url: string,
  events: Partial<Listen>,
) {
  const [attempt, setAttempt] = useState(client.expiresAt === undefined ? 0 : 1);
  const [state, setState] = useState<ConnectionState>({ name: 'connecting' });
  const [socket, setSocket] = useState<AuthSocket<Listen, Emit>>();
  const heard = useEffectEvent((event: string, ...data: unknown[]) => events[event]?.(...data));

  useEffect(() => {
    if (attempt === 0) return undefined;
    const closing = new AbortController();
    const { signal } = closing;
    const show = (next: ConnectionState) => signal.aborted || setState(next);
    const connect = async () => {
      try {
        const opened = await AuthSocket.connect<Listen, Emit>(client, url, { signal, onState: show });
        opened.socket.onAny((event: string, ...data: unknown[]) => heard(event, ...data));
        setSocket(opened);
      } catch (reason) {
        show({ name: 'ended', reason: reason as Failure });
      }
    };
    void connect();
    return () => closing.abort();
  }, [client, url, attempt]);

  const reconnect = () => setAttempt((count) => count + 1);
  return {
    state: attempt === 0 ? undefined : state,
    socket,
    reconnect,
    signIn: (username: string, password: string) => client.signIn(username, password).then(reconnect),
    signOut: () => {
      setAttempt(0);
      return client.signOut();
    },
  };
}
