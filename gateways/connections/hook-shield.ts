import type { ModulesContainer } from '@nestjs/core';
import type { Socket } from 'socket.io';
import { logException } from '../log/bounded-log.ts';
import type { Connections } from './connections.ts';
import { gatewaysIn } from '../gateways-in.ts';
import { noticeFor } from '../refusal.exception.ts';

type Hook = (client: Socket, ...rest: unknown[]) => unknown;
interface Gateway {
  handleConnection?: Hook;
  handleDisconnect?: Hook;
  handleSignIn?: Hook;
}

const shielded = new WeakSet<object>();

/**
 * A connection hook that throws, or rejects, ends one client and not the process; and no hook runs for a client
 * that another one has sent away. Wraps the hooks of every gateway instance, before Nest binds them.
 */
export function shieldHooks(modules: ModulesContainer, connections: Connections): void {
  for (const { wrapper } of gatewaysIn(modules)) {
    const instance: unknown = wrapper.instance;
    if (typeof instance === 'object' && instance !== null) shield(instance, connections);
  }
}

function shield(gateway: Gateway, connections: Connections): void {
  if (shielded.has(gateway)) return;
  shielded.add(gateway);
  const { handleConnection, handleDisconnect, handleSignIn } = gateway;
  const ofClient =
    (hook: Hook): Hook =>
    (client, ...rest) => {
      if (client.connected)
        run(
          () => hook.call(gateway, client, ...rest),
          (error) => end(client, error),
        );
    };
  if (handleConnection !== undefined) gateway.handleConnection = ofClient(handleConnection);
  if (handleSignIn !== undefined) gateway.handleSignIn = ofClient(handleSignIn);
  if (handleDisconnect !== undefined) {
    gateway.handleDisconnect = (client, ...rest) => run(() => handleDisconnect.call(gateway, client, ...rest), report);
  }

  function end(client: Socket, error: unknown): void {
    const { code } = noticeFor(error);
    if (code === 'failed') report(error);
    const connection = connections.of(client);
    if (connection === undefined) client.disconnect(true);
    else connections.cut(connection, code);
  }
}

function run(hook: () => unknown, failed: (error: unknown) => void): void {
  try {
    const result = hook();
    if (result instanceof Promise) result.catch(failed);
  } catch (error) {
    failed(error);
  }
}

const report = (error: unknown): void => logException('HookShield', error);
