import type { Failure } from 'nest-ws-auth-lab/auth-socket';
import { useActionState } from 'react';
import { reasonOf } from './words.js';

export function SignIn({ signIn }: { signIn: (username: string, password: string) => Promise<void> }) {
  const [refused, submit, isPending] = useActionState(
    async (_: { username: string; why: string } | undefined, form: FormData) => {
      const username = form.get('username') as string;
      try {
        await signIn(username, form.get('password') as string);
        return undefined;
      } catch (failure) {
        const { code } = failure as Failure;
        const why = code === 'unauthenticated' ? 'Wrong name or password.' : reasonOf(failure as Failure);
        return { username, why };
      }
    },
    undefined,
  );

  return (
    <form action={submit} className="sign-in">
      <label>
        Name
        <input name="username" autoComplete="username" required defaultValue={refused?.username} />
      </label>
      <label>
        Password
        <input name="password" type="password" autoComplete="current-password" required />
      </label>
      {refused !== undefined && <p role="alert">{refused.why}</p>}
      <button type="submit" disabled={isPending}>
        Sign in
      </button>
    </form>
  );
}
