import { escapesOf } from '../project/escapes.ts';
import { rule } from '../rule.ts';

const CAUGHT_LATER = /process\s*\.\s*(?:on|once)\(\s*['"](?:unhandledRejection|uncaughtException)['"]/;

/** Something catches the errors of hooks, such as the module of this project does. */
const IS_WRAPPED = /\.handleConnection\s*=[^=]|\bnest-ws-auth-lab\/gateways\b/;

export default rule({
  id: 'uncaught-in-hook',
  explains: ['server-ended'],
  find: ({ project, gateways }) => {
    if (project.mentions(IS_WRAPPED)) return [];
    const isCaughtLater = project.mentions(CAUGHT_LATER);
    const end = isCaughtLater
      ? 'leaves the client connected, since a handler of the process keeps the server alive'
      : 'ends the process';
    return gateways.flatMap(({ hooks, namespace }) =>
      hooks
        .filter(({ name }) => name !== 'afterInit')
        .flatMap(({ file, node, name }) => {
          const escapes = escapesOf(project, { file, node: node.value });
          // One place is enough: the same try and catch mends all of the hook.
          const worst = escapes.find(({ isByClient }) => isByClient) ?? escapes[0];
          if (worst === undefined || (isCaughtLater && !worst.isByClient)) return [];
          const severity = worst.isByClient ? 'high' : 'medium';
          return [
            { file, at: worst.at, severity, namespace, seen: `Nothing in ${name} catches ${worst.what}. It ${end}.` },
          ];
        }),
    );
  },
});
