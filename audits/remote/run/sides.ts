import { setTimeout as delay } from 'node:timers/promises';
import { type Control, NOTHING } from './control.ts';
import type { Side } from './facts.ts';
import type { Link, Opening } from './link.ts';
import { receivedBy, whileBroadcasting } from './listen.ts';
import { talk } from './talk.ts';

/** A page of somebody else's. */
const FOREIGN = 'https://foreign.example';

/** The valid credential from a page of somebody else's. */
export async function foreignOrigin(link: Link, control: Control): Promise<Side | undefined> {
  if (control.credential === undefined) return undefined;
  const credential = link.server.isFresh ? ((await link.server.valid?.()) ?? control.credential) : control.credential;
  return sideOf(link, control, link.learn(credential), { origin: FOREIGN });
}

/** `/`, which every Socket.IO server has, beside the namespace that is audited. */
export async function rootNamespace(link: Link, control: Control): Promise<Side | undefined> {
  if (!link.dialect.connects || link.server.description.namespace === '/') return undefined;
  const client = await link.open(NOTHING, { namespace: '/' });
  await client.decided(2000);
  const since = Date.now();
  const isBroadcast = client.isAdmitted && !control.isPushed;
  if (isBroadcast) await whileBroadcasting(link, control, () => delay(100));
  else await client.until(() => undefined, 300);
  const received = receivedBy(client, control, since);
  client.close();
  return { isAdmitted: client.isAdmitted && !client.isOver, isHandled: false, received, lines: client.lines };
}

async function sideOf(
  link: Link,
  control: Control,
  carried: Parameters<typeof talk>[2],
  opening: Opening,
): Promise<Side> {
  const { client, early } = await talk(link, control, carried, opening);
  await client.until(() => undefined, 300);
  const side = {
    isAdmitted: client.isAdmitted && !client.isOver,
    isHandled: early === 'handled',
    received: receivedBy(client, control),
    lines: client.lines,
  };
  client.close();
  return side;
}
