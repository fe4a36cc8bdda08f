import { fork } from 'node:child_process';
import { once } from 'node:events';
import * as connection from './connection.ts';
import { demonstrations as namespaces } from './namespaces.ts';

/** What an experiment saw: counts and yes or no, by name. */
export type Observation = Readonly<Record<string, number | boolean | string>>;

/** What becomes of a process whose gateway throws in `handleConnection`; a child's, since it ends. */
async function throwingProcess(): Promise<Observation> {
  const [sync, async, survivor] = [
    await childThat('throws'),
    await childThat('throws-later'),
    await childThat('throws-and-survives'),
  ];
  return {
    endsSync: sync.code !== 0,
    endsAsync: async.code !== 0,
    servedIfItSurvives: survivor.said === 'handled',
  };
}

/** The demonstration in a process of its own, and what came of it. */
async function childThat(name: string): Promise<{ readonly code: number | null; readonly said: unknown }> {
  const child = fork(process.argv[1]!, [name], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  let said: unknown;
  child.on('message', (message) => (said = message));
  const [code] = (await once(child, 'exit')) as [number | null];
  return { code, said };
}

/** What the files of this folder demonstrate, by the names that claims ask for. */
export const demonstrations: Readonly<Record<string, () => Promise<object>>> = {
  ...connection.demonstrations,
  ...namespaces,
  'throwing-process': throwingProcess,
};

/** What ends a process, or would; run only by `throwing-process`, in children. */
export const perilous: Readonly<Record<string, () => Promise<{ readonly handled: boolean }>>> = {
  throws: () => connection.throwingHook(false, false),
  'throws-later': () => connection.throwingHook(true, false),
  'throws-and-survives': () => connection.throwingHook(false, true),
};
