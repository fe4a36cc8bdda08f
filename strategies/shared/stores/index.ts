/** The stores in memory, and the contract for stores in another database: what they implement, and what helps with it. */
export { memoryStores } from './memory/index.ts';
export { type AccountRecord, revocationsIn, rolesIn } from './account-record.ts';
export { ATTEMPT_WINDOW, type Attempts, type Counted } from './attempts.ts';
export type { PairClaims, RefreshFamilies, Rotation } from './families.ts';
export type { Stores } from './stores.ts';
export {
  isNarrow,
  MOST_NARROW,
  nameOf,
  namesFor,
  revokedBy,
  type Revocations,
  type SubjectRevocation,
} from './revocations.ts';
export {
  type Entering,
  type KeptName,
  type KeptSignIn,
  LEFT_FOR,
  MOST_SIGN_INS,
  type SignIns,
  signInsOf,
} from './sign-ins.ts';
export type { TokenClaims } from './token-claims.ts';
export { type Clock, systemClock } from '../clock.ts';
export { StoreError } from '../errors.ts';
export type { RefusalCode } from '../refusals.ts';
export type { Principal, Revocation } from '../revocation.ts';
