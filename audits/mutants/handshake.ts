import type { Namespace } from 'socket.io';
import { HandshakeGate } from '../../gateways/handshake/handshake.gate.ts';
import { TokenService } from '../../strategies/shared/tokens/token-service.ts';
import { refused } from '../../strategies/strategy.ts';
import type { Mutant } from '../engine/mutant.ts';
import {
  admitting,
  authenticatorOf,
  believing,
  otherwise,
  part,
  signedByServer,
  token,
  unlimited,
} from './shared/faults.ts';

/** The namespace `/` of the server that was started last. */
let root: Namespace | undefined;

const mutants: readonly Mutant[] = [
  {
    ...token,
    fault: 'a valid credential is refused',
    breaks: 'admits',
    sabotage(scenario) {
      authenticatorOf(scenario).authenticate = () => refused('unauthenticated');
    },
  },
  {
    ...token,
    fault: 'handlers are told the subject of someone else',
    breaks: 'subject-known',
    sabotage: admitting((admitted) => ({ ...admitted, principal: { ...admitted.principal, subject: 'someone-else' } })),
  },
  {
    ...token,
    fault: '`/` is opened, and guests are let in',
    breaks: 'root-closed',
    options: (given) => ({
      ...given,
      onServer(server) {
        root = server.of('/');
        given.onServer?.(server);
      },
    }),
    sabotage(scenario) {
      if (root !== undefined) part(scenario, HandshakeGate).open(root, {});
      otherwise(() => ({ subject: 'guest' }))(scenario);
    },
  },
  {
    ...token,
    fault: 'a CONNECT and a token of any size are read',
    breaks: 'oversize-token',
    options: unlimited({ connectBytes: false }),
    sabotage: believing((given, _, options) => signedByServer(given, options)),
  },
  {
    ...token,
    fault: 'a ban is not looked up at CONNECT',
    breaks: 'banned-at-handshake',
    sabotage(scenario) {
      part(scenario, TokenService).requireCurrentPrincipal = async (claims) => ({ ...claims });
    },
  },
];

export default mutants;
