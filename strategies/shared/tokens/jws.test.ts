import { verify } from 'node:crypto';
import { expect, it } from 'vitest';
import { isSignature, signatureOf } from './jws.ts';
import { ecKey } from './key-ring.ts';

/** The order of P-256. */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** (r, order - s), which is as good a signature as (r, s). */
function otherOf(signature: string): string {
  const bytes = Buffer.from(signature, 'base64url');
  const other = (ORDER - BigInt(`0x${bytes.toString('hex', 32)}`)).toString(16).padStart(64, '0');
  return Buffer.concat([bytes.subarray(0, 32), Buffer.from(other, 'hex')]).toString('base64url');
}

it('an ES256 signature passes, and the other one that it comes to does not, though it is one', () => {
  const key = ecKey();
  for (let count = 0; count < 50; count++) {
    const input = `input ${count}`;
    const [own, other] = [signatureOf(key, input), otherOf(signatureOf(key, input))];
    expect(isSignature(key, input, own)).toBe(true);
    const bytes = Buffer.from(other, 'base64url');
    expect(verify('sha256', Buffer.from(input), { key: key.verify, dsaEncoding: 'ieee-p1363' }, bytes)).toBe(true);
    expect(isSignature(key, input, other)).toBe(false);
  }
});
