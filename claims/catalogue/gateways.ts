import type { Claim } from '../claim.ts';
import { decide } from '../decide.ts';
import { onPlatform } from '../platform.ts';

const PATTERN = 'The Gateway Extension Pattern';

/** What the article says of Nest's gateways. */
export default [
  onPlatform({
    id: 'guards-skip-connection',
    says: 'Guards follow the cycle of request and response, and do not cover the life of a connection',
    where: 'The Core Problem',
    hypothesis: 'A guard is asked before each message, and never when a client connects',
    metric: 'Calls of a guard at CONNECT and per message',
    threshold: '0 at CONNECT, 1 per message',
    falsifiedBy: 'A guard that is asked at CONNECT',
    demonstration: 'guards-at-connect',
    read: ({ atConnect, perMessage }) => ({
      outcome: decide(atConnect === 0 && perMessage === 1, 'supported', 'refuted'),
    }),
  }),
  onPlatform({
    id: 'shared-namespace-init',
    says: 'The connection logic of one gateway applies to every gateway of its namespace',
    where: 'The Gateway Architecture Challenge',
    hypothesis: 'A gateway without a hook finds the user that the hook of its neighbour has set',
    metric: 'Whether the second gateway sees the user',
    threshold: 'It does',
    falsifiedBy: 'A second gateway that serves nobody',
    demonstration: 'second-gateway',
    read: ({ covered }) => ({ outcome: decide(covered === true, 'supported', 'refuted') }),
  }),
  onPlatform({
    id: 'base-gateway-inherits',
    says: 'Extending the base gateway applies its connection handling',
    where: `${PATTERN}, step 2`,
    hypothesis: 'A gateway that extends the base and defines no hook finds the user',
    metric: 'Whether the gateway sees the user, and how often a client is verified when two extend',
    threshold: 'It does',
    falsifiedBy: 'A subclass that serves nobody',
    demonstration: 'two-extend',
    read: ({ covered }) => ({ outcome: decide(covered === true, 'supported', 'refuted') }),
  }),
  onPlatform({
    id: 'base-decorator-default-ns',
    says: 'Decorating the base covers the default namespace, with nothing extended',
    where: `${PATTERN}, step 1`,
    hypothesis: 'A gateway of `/` that does not extend the decorated base finds the user',
    metric: 'Whether a gateway of `/`, and one of another namespace, see the user',
    threshold: 'The one of `/` does',
    falsifiedBy: 'A gateway of `/` that serves nobody',
    demonstration: 'decorated-base',
    read: ({ coversRoot, coversElsewhere }) => ({
      outcome: decide(coversRoot === true, 'supported', 'refuted'),
      ...(coversElsewhere === false && { condition: 'Of `/` alone: any other namespace stays open' }),
    }),
  }),
  onPlatform({
    id: 'property-injection',
    says: 'Property injection on the base spares its subclasses a constructor that passes things on',
    where: `${PATTERN}, step 1`,
    hypothesis: 'Subclasses get the property, with a constructor of their own and without',
    metric: 'Whether the property is there',
    threshold: 'In both',
    falsifiedBy: 'A subclass without it',
    demonstration: 'property-injection',
    read: ({ without, withConstructor }) => ({
      outcome: decide(without === true && withConstructor === true, 'supported', 'refuted'),
    }),
  }),
  onPlatform({
    id: 'super-sees-user',
    says: 'After `super.handleConnection()` the user is there',
    where: `${PATTERN}, note`,
    hypothesis: 'It is, whether the base validates at once or asynchronously',
    metric: 'Whether the user is set when `super` has returned',
    threshold: 'With both kinds of base',
    falsifiedBy: 'A base under which it is not; it is qualified where it is so under one kind alone',
    demonstration: 'after-super',
    read: ({ seenSync, seenAsync }) => bothOrOne(seenSync, seenAsync, 'Only if the base is synchronous'),
  }),
  onPlatform({
    id: 'rooms-before-messages',
    says: 'A room that is joined on connect is in place before the first message',
    where: `${PATTERN}, note`,
    hypothesis: 'It is, whether the base validates at once or asynchronously',
    metric: 'Whether a client is in its room when its first message is handled',
    threshold: 'With both kinds of base',
    falsifiedBy: 'A message that is handled before; it is qualified where that happens under one kind alone',
    demonstration: 'after-super',
    read: ({ inRoomSync, inRoomAsync }) => bothOrOne(inRoomSync, inRoomAsync, 'Only if the base is synchronous'),
  }),
  onPlatform({
    id: 'disconnect-protects',
    says: 'Disconnecting a client in the base, where its token is invalid, protects the handlers',
    where: `${PATTERN}, step 1`,
    hypothesis:
      'No event of a client with a forged token is handled, whether the base validates at once or after 10 ms',
    metric: 'Events handled, of three sent right behind CONNECT with a forged token',
    threshold: '0 with both kinds of base',
    falsifiedBy: 'One event that is handled, under either kind',
    demonstration: 'disconnect-in-base',
    read: ({ handledSync, handledAsync }) => ({
      outcome: decide(handledSync === 0 && handledAsync === 0, 'supported', 'refuted'),
    }),
  }),
  onPlatform({
    id: 'exception-in-connection',
    says: 'A custom exception thrown in `handleConnection` refuses the client',
    where: `${PATTERN}, note`,
    hypothesis: 'The client is refused, and the process lives',
    metric: 'Whether the process ends, and whether the client is served where it is kept alive',
    threshold: 'The process lives, and the client is not served',
    falsifiedBy: 'A process that ends, or a client that is served',
    demonstration: 'throwing-process',
    read: ({ endsSync, endsAsync, servedIfItSurvives }) => ({
      outcome: decide(!endsSync && !endsAsync && !servedIfItSurvives, 'supported', 'refuted'),
    }),
  }),
  onPlatform({
    id: 'handshake-field',
    says: "The token is read from the `authentication` of the client's handshake",
    where: `${PATTERN}, step 1`,
    hypothesis: 'The handshake has that field',
    metric: 'Whether `authentication`, and `auth`, are there',
    threshold: '`authentication` is',
    falsifiedBy: 'A handshake without it',
    demonstration: 'handshake-field',
    read: ({ authentication }) => ({ outcome: decide(authentication === true, 'supported', 'refuted') }),
  }),
  onPlatform({
    id: 'new-feature-no-auth-code',
    says: 'A new WebSocket feature needs no authentication code',
    where: 'Conclusion',
    hypothesis: 'A gateway without a line of authentication knows its user, on an old namespace and on one of its own',
    metric: 'Whether such a gateway sees the user',
    threshold: 'On both',
    falsifiedBy: 'Neither; it is qualified where it holds for one, or for who extends the base',
    demonstration: 'new-feature',
    read: ({ sameNamespace, ownNamespace }) =>
      bothOrOne(
        sameNamespace,
        ownNamespace,
        'On a namespace that has its base already; on one of its own only if it extends the base, or if the adapter closes every namespace, as here',
      ),
  }),
] satisfies Claim[];

function bothOrOne(one: unknown, other: unknown, condition: string) {
  if (one === true && other === true) return { outcome: 'supported' } as const;
  return one === true || other === true
    ? ({ outcome: 'qualified', condition } as const)
    : ({ outcome: 'refuted' } as const);
}
