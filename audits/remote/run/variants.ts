import type { Credential } from '../description/credential.ts';
import { arbitrary, withForgedSignature, withoutAlgorithm, withOtherSecret } from '../description/forgeries.ts';
import type { Link } from './link.ts';

/** The credentials of the matrix, in the order of reports. */
export const variants = {
  none: 'no credential',
  arbitrary: 'an arbitrary credential of the same shape',
  forged: 'a forged signature',
  'other-secret': 'a signature by another secret',
  'alg-none': 'the algorithm "none"',
  expired: 'an expired credential',
  forbidden: 'the credential of a user who may not connect',
} as const;
export type VariantId = keyof typeof variants;

/** A credential that must not be accepted. */
export interface Variant {
  readonly id: VariantId;
  /** The one that it was made from; undefined for none. */
  readonly credential: Credential | undefined;
  /** The value that the connection carries in the place of the credential. */
  readonly value: string | undefined;
}

/** A question of the matrix that is not asked, and why. */
export interface Unasked {
  readonly id: VariantId;
  readonly state: 'could not tell' | 'not applicable';
  readonly why: string;
}

/** Makes the credentials of the matrix from the valid one, and from those that the owner gives. */
export async function variantsOf(link: Link, valid: Credential | undefined): Promise<(Variant | Unasked)[]> {
  const { server } = link;
  const made: (Variant | Unasked)[] = [{ id: 'none', credential: valid, value: undefined }];
  if (valid === undefined) {
    const why = 'no valid credential is described ("credential", --credential-file)';
    for (const id of ['arbitrary', 'forged', 'other-secret', 'alg-none'] as const)
      made.push({ id, state: 'could not tell', why });
  } else {
    const changes = {
      arbitrary: arbitrary(valid.value),
      forged: withForgedSignature(valid.value),
      'other-secret': withOtherSecret(valid.value),
      'alg-none': withoutAlgorithm(valid.value),
    };
    for (const [id, value] of Object.entries(changes) as [keyof typeof changes, string | undefined][]) {
      if (value !== undefined && value !== valid.value) made.push({ id, credential: valid, value });
      else made.push({ id, state: 'not applicable', why: unsigned(id) });
    }
  }
  const expired = await server.expired?.();
  if (expired !== undefined) made.push({ id: 'expired', credential: expired, value: expired.value });
  const forbidden = await server.forbidden?.();
  made.push(
    forbidden === undefined
      ? {
          id: 'forbidden',
          state: 'could not tell',
          why: 'describe "credential.forbidden" (--unwelcome-credential-file)',
        }
      : { id: 'forbidden', credential: forbidden, value: forbidden.value },
  );
  return made;
}

const unsigned = (id: VariantId): string =>
  id === 'alg-none' ? 'the credential is no JWT' : 'the credential is opaque, so it has no signature';
