import { type Control, enter, NOTHING } from './control.ts';
import type { Link } from './link.ts';
import { talk } from './talk.ts';
import { requireAlive } from './vital.ts';

/** Values that no client of the application sends in the place of a credential. */
const VALUES: readonly unknown[] = [null, 0, -1, true, '', ' ', [], ['x'], {}, { toString: 1 }, 'x'.repeat(100_000)];

/** The same for the data of an event. */
const DATA: readonly (readonly unknown[])[] = [
  [],
  [null],
  [0],
  [''],
  [[]],
  [{}],
  [{ __proto__: null, constructor: 1 }],
  ['x'.repeat(100_000)],
];

/** Frames that no client sends. */
const FRAMES = [
  '',
  '4',
  '42',
  '42[',
  '42[]',
  '42[null]',
  '42{"a":1}',
  '43',
  '430[]',
  '40/none,',
  '44',
  '451-["x"]',
  '9',
  '{',
];
const JSON_FRAMES = ['', '{', 'null', '0', '[]', '"x"', '{"event":null}', '{"event":1}', '{"event":"x"}'];

/** Sends what no ordinary client would, and stops at the first thing that ends the server. @throws ServerEnded */
export async function destroy(link: Link, control: Control, onProbe: (what: string) => void): Promise<void> {
  const { credential } = control;
  const valid = async () => (link.server.isFresh ? await link.server.valid?.() : credential);
  onProbe('credentials of other types');
  for (const value of credential === undefined ? [] : VALUES) {
    const { client } = await talk(link, control, credential!.carry(value));
    await client.until(() => undefined, 50);
    // An error of a hook ends the process some turns later. A valid client that is served shows that it has lived on.
    const served = await enter(link, await valid()).catch(() => undefined);
    served?.close();
    await requireAlive(link, client);
    client.close();
  }
  onProbe('malformed data');
  const { event } = link.server.description;
  for (const data of event === undefined ? [] : DATA) {
    const client = await enter(link, await valid());
    client.emit(event!.event, data);
    await client.until(() => undefined, 50);
    await requireAlive(link, client);
    client.close();
  }
  onProbe('malformed frames');
  for (const frame of link.dialect.connects ? FRAMES : JSON_FRAMES) {
    for (const isValid of [false, true]) {
      const client = isValid ? await enter(link, await valid()) : await link.open(NOTHING);
      client.send(frame);
      await client.until(() => undefined, 30);
      await requireAlive(link, client);
      client.close();
    }
  }
}
