import type { Failure } from 'nest-ws-auth-lab/auth-socket';
import { useActionState } from 'react';
import type { Message } from './events.js';
import { reasonOf } from './words.js';

interface Props {
  messages: readonly Message[];
  send: (text: string) => Promise<void>;
  signOut: () => Promise<void>;
}

export function Chat({ messages, send, signOut }: Props) {
  const [unsent, submit, isPending] = useActionState(
    async (_: { text: string; why: string } | undefined, form: FormData) => {
      const text = form.get('text') as string;
      try {
        await send(text);
        return undefined;
      } catch (failure) {
        return { text, why: reasonOf(failure as Failure) };
      }
    },
    undefined,
  );

  return (
    <>
      <ol className="messages" aria-label="Messages" aria-live="polite">
        {messages.map(({ id, from, text }) => (
          <li key={id}>
            <b>{from}</b> {text}
          </li>
        ))}
      </ol>
      <form action={submit} className="send">
        <label>
          Message
          <input name="text" autoComplete="off" required maxLength={500} defaultValue={unsent?.text} />
        </label>
        <button type="submit" disabled={isPending}>
          Send
        </button>
      </form>
      {unsent !== undefined && <p role="alert">{unsent.why}</p>}
      <button type="button" className="quiet" onClick={() => void signOut()}>
        Sign out
      </button>
    </>
  );
}
