import { Field } from './field.ts';
import type { Profile } from './profiles.ts';
import { type Arm, nameOf } from './suite.ts';

/** Starts each arm and sees that it answers whom it should and turns away whom it should. Answers what failed. */
export async function verifyArms(arms: readonly Arm[], { fieldSize }: Pick<Profile, 'fieldSize'>): Promise<string[]> {
  const failures: string[] = [];
  for (let at = 0; at < arms.length; at += fieldSize) {
    const some = arms.slice(at, at + fieldSize);
    const field = await Field.start(some);
    try {
      await field.signIn(1);
      for (const stall of field.stalls) {
        await field.guard(stall, () => stall.generator.call.connect(stall.server.url, 1));
      }
      for (const { arm } of field.stalls) process.stdout.write(`${nameOf(arm)}: ok\n`);
      failures.push(...field.failures);
    } finally {
      await field.stop();
    }
  }
  return failures;
}
