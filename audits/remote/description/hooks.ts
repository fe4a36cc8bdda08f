import type { Hooks } from '../target.ts';
import { TargetError } from '../target.ts';
import { type Credential, type Presented, presented } from './credential.ts';
import { defined, type End, type Get, type OwnedServer } from './owner.ts';

/**
 * A server whose credentials come from functions of its owner; they win over what the description says. `learn` is called
 * with every secret, before it is used.
 */
export function withHooks(server: OwnedServer, hooks: Hooks, learn: (secret: unknown) => void): OwnedServer {
  // A hook gets back the very object that `signIn` gave.
  const given = new WeakMap<Credential, Presented>();
  const get = (name: string, hook: (() => Promise<Presented>) | undefined): Get | undefined =>
    hook === undefined
      ? undefined
      : async () => {
          const options = await hook();
          learn(options);
          const credential = presented(options);
          if (credential === undefined)
            throw new TargetError(`The hook ${name} gave no credential: "auth" and "extraHeaders" hold no text`);
          given.set(credential, options);
          return credential;
        };
  const end = (hook: ((options: never) => Promise<void>) | undefined): End | undefined =>
    hook === undefined
      ? undefined
      : (credential) => hook((given.get(credential) ?? credential.carry(credential.value)) as never);
  return {
    ...server,
    ...(hooks.signIn && { isFresh: true }),
    ...defined({
      valid: get('signIn', hooks.signIn?.bind(hooks)),
      forbidden: get('signInUnwelcome', hooks.signInUnwelcome?.bind(hooks)),
      signOut: end(hooks.signOut?.bind(hooks)),
      ban: end(hooks.ban?.bind(hooks)),
      changeRoles: end(hooks.changeRoles?.bind(hooks)),
      expire: end(hooks.expire?.bind(hooks)),
    }),
  };
}
