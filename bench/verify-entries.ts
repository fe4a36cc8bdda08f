import { Group, signIn } from './engine/group.ts';
import type { Profile } from './model/profiles.ts';
import { type Entry, nameOf } from './model/entry.ts';

/** Starts each entry and sees that it answers whom it should and turns away whom it should. Answers what failed. */
export async function verifyEntries(
  entries: readonly Entry[],
  { groupSize }: Pick<Profile, 'groupSize'>,
): Promise<string[]> {
  const failures: string[] = [];
  for (let at = 0; at < entries.length; at += groupSize) {
    const some = entries.slice(at, at + groupSize);
    const group = await Group.start(some, {}, async (running) => {
      await signIn(running, 1);
      await running.generator.call.connect(running.server.url, 1);
    });
    try {
      for (const { entry } of group.runningEntries) process.stdout.write(`${nameOf(entry)}: ok\n`);
      failures.push(...group.failures);
    } finally {
      await group.stop();
    }
  }
  return failures;
}
