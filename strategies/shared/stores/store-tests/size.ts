import assert from 'node:assert/strict';
import { promisify } from 'node:util';
import type { SessionData } from 'express-session';
import { DAY, HOUR, pairOf, type StoreTest, type Subject, times } from './subject.ts';

const MANY = 100;

/** One entry of each kind, under a name of its own. */
async function write({ attempts, families, revocations, sessions, signIns, clock, later }: Subject, name: string) {
  const cookie = { originalMaxAge: HOUR, expires: new Date(later()) } as SessionData['cookie'];
  await attempts.add(name);
  await families.begin(
    pairOf(clock, { sessionId: name, subject: name, expiresAt: later(), epoch: Number.MAX_SAFE_INTEGER }),
  );
  await revocations.publish({ code: 'revoked', subject: name, tokenId: name }, later());
  await revocations.publish({ code: 'revoked', subject: `all of ${name}` }, later());
  await promisify(sessions.set.bind(sessions))(name, { cookie });
  await signIns.enter(name, { name, epoch: 1, until: later() });
}

export const sizeTests: readonly StoreTest[] = [
  {
    id: 'bounded',
    promise: 'what has run out is deleted',
    async run(subject) {
      if (subject.size === undefined) return;
      await times(MANY, (index) => write(subject, `early ${index}`));
      const full = await subject.size();
      assert.ok(full >= MANY, `size counts ${full} entries, and more than ${MANY} were written`);
      subject.clock.advance(DAY);
      await write(subject, 'late');
      await write(subject, 'latest');
      const left = await subject.size();
      assert.ok(left < MANY, `${left} of ${full} entries are kept after their end`);
    },
  },
];
