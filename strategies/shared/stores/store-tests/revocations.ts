import assert from 'node:assert/strict';
import type { Principal, Revocation } from '../../revocation.ts';
import { MOST_NARROW, type SubjectRevocation } from '../revocations.ts';
import { eventually, HOUR, MINUTE, type StoreTest, type Subject, times } from './subject.ts';

/** A user who signed in before anything was revoked. */
async function signedIn({ revocations }: Pick<Subject, 'revocations'>): Promise<Principal> {
  return { subject: 'ann', roles: [], sessionId: 's1', tokenId: 't1', epoch: await revocations.epoch() };
}

const narrowings: readonly (readonly [Omit<SubjectRevocation, 'code'>, boolean])[] = [
  [{ subject: 'ann' }, true],
  [{ subject: 'bob' }, false],
  [{ subject: 'ann', sessionId: 's1' }, true],
  [{ subject: 'ann', sessionId: 's2' }, false],
  [{ subject: 'ann', tokenId: 't1' }, true],
  [{ subject: 'ann', tokenId: 't2' }, false],
  [{ subject: 'ann', sessionId: 's1', tokenId: 't1' }, true],
  [{ subject: 'ann', sessionId: 's1', tokenId: 't2' }, false],
  [{ subject: 'bob', sessionId: 's1', tokenId: 't1' }, false],
];

const matching: readonly StoreTest[] = narrowings.map(([narrowing, matches], index) => ({
  id: `revocation-matches-${index + 1}`,
  promise: `a revocation of ${JSON.stringify(narrowing)} ${matches ? 'ends' : 'leaves'} the sign-in s1 of ann with the token t1`,
  async run(subject) {
    const principal = await signedIn(subject);
    await subject.revocations.publish({ code: 'token-reused', ...narrowing }, subject.later());
    assert.equal(await subject.revocations.check(principal), matches ? 'token-reused' : undefined);
  },
}));

export const revocationTests: readonly StoreTest[] = [
  ...matching,
  {
    id: 'revocation-order',
    promise: 'the store orders revocations and sign-ins, also if the clock is set back',
    async run(subject) {
      const { revocations, clock, later } = subject;
      const before = await signedIn(subject);
      await revocations.publish({ code: 'revoked', subject: 'bob' }, later());
      const between = await signedIn(subject);
      await revocations.publish({ code: 'revoked', subject: 'ann' }, later());
      const after = await signedIn(subject);
      assert.deepEqual(await Promise.all([before, between, after].map((one) => revocations.check(one))), [
        'revoked',
        'revoked',
        undefined,
      ]);
      clock.advance(-5 * MINUTE);
      await revocations.publish({ code: 'revoked', subject: 'ann' }, later());
      assert.equal(await revocations.check(after), 'revoked');
      assert.equal(await revocations.check(await signedIn(subject)), undefined);
      assert.equal(await revocations.check({ subject: 'ann', roles: [] }), 'revoked', 'without an epoch, all match');
    },
  },
  {
    id: 'revocation-atomic',
    promise: 'revocations of one user at once begin as many epochs, and the last one ends all sign-ins before it',
    async run({ revocations, another, later }) {
      const other = (await another?.())?.revocations ?? revocations;
      const epochs = await times(10, async (index) => {
        await (index % 2 === 0 ? revocations : other).publish({ code: 'revoked', subject: 'ann' }, later());
        return revocations.epoch();
      });
      await revocations.publish({ code: 'revoked', subject: 'ann' }, later());
      for (const epoch of epochs) {
        assert.equal(await revocations.check({ subject: 'ann', roles: [], epoch }), 'revoked');
      }
    },
  },
  {
    id: 'revocation-other-issuer',
    promise: 'a revocation of a user ends the tokens of another issuer that were issued before it, and no later ones',
    async run({ revocations, clock, later }) {
      const token = { subject: 'ann', roles: [], tokenId: 't1' };
      await revocations.publish({ code: 'revoked', subject: 'ann' }, later());
      assert.equal(await revocations.check({ ...token, issuedAt: clock.now() - 1000 }), 'revoked');
      assert.equal(await revocations.check({ ...token, issuedAt: clock.now() + MINUTE }), undefined);
    },
  },
  {
    id: 'revocation-remembered',
    promise: 'a revocation is remembered until its end, also if a later one ends earlier, and not much longer',
    async run(subject) {
      const { revocations, clock, later } = subject;
      const principal = await signedIn(subject);
      await revocations.publish({ code: 'revoked', subject: 'ann' }, later() + HOUR);
      await revocations.publish({ code: 'revoked', subject: 'ann' }, later());
      const token = { ...principal, subject: 'bob' };
      await revocations.publish({ code: 'revoked', subject: 'bob', tokenId: 't1' }, later());
      clock.advance(HOUR - 1);
      assert.deepEqual([await revocations.check(principal), await revocations.check(token)], ['revoked', 'revoked']);
      clock.advance(HOUR);
      assert.equal(await revocations.check(principal), 'revoked', 'a later revocation shortened an earlier one');
      clock.advance(MINUTE);
      await revocations.publish({ code: 'revoked', subject: 'carl' }, later());
      assert.deepEqual([await revocations.check(principal), await revocations.check(token)], [undefined, undefined]);
    },
  },
  {
    id: 'revocation-without-end',
    promise: 'a revocation without an end is told, and not remembered',
    async run(subject) {
      const principal = await signedIn(subject);
      const heard: Revocation[] = [];
      subject.revocations.onRevoked((revocation) => heard.push(revocation));
      await subject.revocations.publish({ code: 'reconnect-required', subject: 'ann' });
      assert.equal(heard.length, 1);
      assert.equal(await subject.revocations.check(principal), undefined);
    },
  },
  {
    id: 'ban',
    promise: 'a ban refuses later sign-ins until it is over, and neither a sign-out nor a new password shortens it',
    async run(subject) {
      const { revocations, clock, later } = subject;
      const before = await signedIn(subject);
      await revocations.publish({ code: 'banned', subject: 'ann' }, later() + HOUR, later());
      await revocations.publish({ code: 'revoked', subject: 'ann' }, later() + HOUR);
      const during = await signedIn(subject);
      assert.deepEqual([await revocations.check(before), await revocations.check(during)], ['banned', 'banned']);
      clock.advance(HOUR);
      assert.equal(await revocations.check(during), undefined);
      await revocations.publish({ code: 'banned', subject: 'ann' }, later(), later());
      const again = await signedIn(subject);
      await revocations.unban('ann');
      assert.equal(await revocations.check(again), undefined);
      assert.notEqual(await revocations.check(before), undefined, 'the ban has ended this sign-in for good');
    },
  },
  {
    id: 'roles',
    promise: 'published roles end credentials that name others, and are told, until their end',
    async run(subject) {
      const { revocations, clock, later } = subject;
      const principal = await signedIn(subject);
      await revocations.publish({ code: 'roles-changed', subject: 'ann', roles: ['reader'] }, later());
      assert.deepEqual(await revocations.rolesOf('ann'), ['reader']);
      assert.equal(await revocations.rolesOf('bob'), undefined);
      assert.equal(await revocations.check(principal), 'roles-changed');
      assert.equal(await revocations.check({ ...principal, roles: ['reader'] }), undefined);
      await revocations.publish({ code: 'revoked', subject: 'ann', tokenId: 't1' }, later());
      assert.equal(await revocations.check(principal), 'revoked', 'the graver code is told');
      clock.advance(HOUR);
      assert.equal(await revocations.rolesOf('ann'), undefined);
      assert.equal(await revocations.check({ ...principal, tokenId: 't2' }), undefined);
    },
  },
  {
    id: 'revocation-beside-others',
    promise: 'revocations of single sign-ins and tokens do not replace each other',
    async run(subject) {
      const { revocations, later } = subject;
      const principal = await signedIn(subject);
      await revocations.publish({ code: 'revoked', subject: 'ann', tokenId: 't0' }, later());
      await revocations.publish({ code: 'token-reused', subject: 'ann', sessionId: 's1' }, later());
      await revocations.publish({ code: 'revoked', subject: 'ann', tokenId: 't2' }, later());
      assert.equal(await revocations.check(principal), 'token-reused');
    },
  },
  {
    id: 'revocation-bounded',
    promise: `more than ${MOST_NARROW} revoked tokens of one user end all sign-ins so far, and no later or other user's`,
    async run(subject) {
      const { revocations, later } = subject;
      const principal = await signedIn(subject);
      const heard: Revocation[] = [];
      revocations.onRevoked((revocation) => heard.push(revocation));
      const deny = (index: number) =>
        revocations.publish({ code: 'revoked', subject: 'ann', tokenId: `other ${index}` }, later());
      for (let from = 0; from < MOST_NARROW; from += 50) await times(50, (index) => deny(from + index));
      await deny(0);
      assert.equal(await revocations.check(principal), undefined, 'all ended too early');
      await deny(MOST_NARROW);
      assert.equal(await revocations.check(principal), 'revoked');
      const last = heard.at(-1);
      assert.deepEqual([last?.code, last?.subject, last?.tokenId], ['revoked', 'ann', undefined]);
      assert.equal(await revocations.check({ ...principal, subject: 'bob' }), undefined);
      assert.equal(await revocations.check(await signedIn(subject)), undefined);
    },
  },
  {
    id: 'listeners',
    promise: 'listeners hear of each revocation once, find it remembered already, and hear nothing after they stop',
    async run(subject) {
      const { revocations, later } = subject;
      const principal = await signedIn(subject);
      const heard: Revocation[] = [];
      let known: Promise<unknown> | undefined;
      const stop = revocations.onRevoked((revocation) => {
        heard.push(revocation);
        known = revocations.check(principal);
      });
      await revocations.publish({ code: 'revoked', subject: 'ann' }, later());
      assert.equal(await known, 'revoked', 'a client that comes back at once would be let in');
      stop();
      await revocations.publish({ code: 'banned', subject: 'ann' }, later());
      assert.deepEqual(
        heard.map(({ code, subject: of }) => [code, of]),
        [['revoked', 'ann']],
      );
    },
  },
  {
    id: 'nodes',
    promise: 'another node hears of a revocation once, and remembers it',
    async run(subject) {
      if (subject.another === undefined) return;
      const { revocations } = await subject.another();
      const principal = await signedIn(subject);
      const heard: Revocation[] = [];
      revocations.onRevoked((revocation) => heard.push(revocation));
      await subject.revocations.publish({ code: 'revoked', subject: 'ann', sessionId: 's1' }, subject.later());
      assert.equal(await revocations.check(principal), 'revoked');
      assert.ok(await eventually(() => heard.length > 0), 'the other node heard nothing within 5 s');
      await subject.revocations.publish({ code: 'revoked', subject: 'bob' }, subject.later());
      assert.ok(await eventually(() => heard.length > 1), 'the other node heard only of the first');
      assert.deepEqual(
        heard.map(({ subject: of, sessionId }) => [of, sessionId]),
        [
          ['ann', 's1'],
          ['bob', undefined],
        ],
      );
    },
  },
];
