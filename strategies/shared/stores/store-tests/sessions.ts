import assert from 'node:assert/strict';
import { promisify } from 'node:util';
import type { SessionData } from 'express-session';
import { HOUR, MINUTE, type StoreTest, type Subject } from './subject.ts';

type Done = (error?: unknown) => void;

interface Data extends SessionData {
  value?: string;
}

/** A session store with promises, and sessions that end an hour from now. */
function storeOf({ sessions, clock }: Pick<Subject, 'sessions' | 'clock'>) {
  assert.equal(typeof sessions.touch, 'function', 'the session store has no touch');
  const get = promisify<string, Data | null | undefined>((id, done) => sessions.get(id, done));
  const set = promisify((id: string, session: SessionData, done: Done) => sessions.set(id, session, done));
  const touch = promisify((id: string, session: SessionData, done: Done) => sessions.touch!(id, session, done));
  const destroy = promisify((id: string, done: Done) => sessions.destroy(id, done));
  const sessionOf = (value: string, ms = HOUR) =>
    ({ cookie: { originalMaxAge: ms, expires: new Date(clock.now() + ms) }, value }) as unknown as Data;
  return { get, set, touch, destroy, sessionOf };
}

const endOf = (session: Data | null | undefined): number => new Date(session?.cookie.expires ?? 0).getTime();

export const sessionTests: readonly StoreTest[] = [
  {
    id: 'session-kept',
    promise: 'a session is kept as it was set, and nobody shares its object',
    async run(subject) {
      const { get, set, sessionOf } = storeOf(subject);
      const session = sessionOf('kept');
      await set('one', session);
      session.value = 'changed without set';
      const read = await get('one');
      assert.equal(read?.value, 'kept');
      read.value = 'changed without set';
      assert.equal((await get('one'))?.value, 'kept');
      assert.ok(!(await get('another')));
      await set('one', sessionOf('new'));
      assert.equal((await get('one'))?.value, 'new');
    },
  },
  {
    id: 'session-destroyed',
    promise: 'a session that was destroyed is gone, and a touch does not bring it back',
    async run(subject) {
      const { get, set, destroy, touch, sessionOf } = storeOf(subject);
      await set('one', sessionOf('one'));
      await destroy('one');
      await destroy('never there');
      assert.ok(!(await get('one')));
      await touch('one', sessionOf('one'));
      assert.ok(!(await get('one')), 'a touch brought a signed-out session back');
    },
  },
  {
    id: 'session-touched',
    promise: 'a touch moves the end of a session, and changes nothing else of it',
    async run(subject) {
      const { get, set, touch, sessionOf } = storeOf(subject);
      const stale = sessionOf('before');
      await set('one', stale);
      await set('one', sessionOf('after'));
      await touch('one', { ...stale, cookie: sessionOf('', 2 * HOUR).cookie });
      const read = await get('one');
      assert.equal(read?.value, 'after', 'a touch undid a change');
      assert.equal(endOf(read), subject.clock.now() + 2 * HOUR);
      subject.clock.advance(HOUR + MINUTE);
      assert.equal((await get('one'))?.value, 'after', 'the session ended at its first end');
    },
  },
  {
    id: 'session-expires',
    promise: 'a session ends when its cookie does',
    async run(subject) {
      const { get, set, sessionOf } = storeOf(subject);
      await set('one', sessionOf('one'));
      subject.clock.advance(HOUR - 1);
      assert.equal((await get('one'))?.value, 'one');
      subject.clock.advance(1);
      assert.ok(!(await get('one')), 'it goes on after its end');
    },
  },
];
