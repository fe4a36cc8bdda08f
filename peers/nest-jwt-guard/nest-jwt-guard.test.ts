import { describe } from 'vitest';
import {
  anyOrigin,
  parsedSecret,
  perMessage,
  type Proof,
  proveDifferences,
  receivesAfterExpiry,
  rolesOfTheSignIn,
  statelessTokens,
} from '../../test/support/peer-proofs.ts';
import peer from './index.ts';

const proofs: Record<string, Proof> = {
  ...perMessage('Unauthorized'),
  ...receivesAfterExpiry,
  ...rolesOfTheSignIn,
  ...statelessTokens,
  ...parsedSecret,
  ...anyOrigin,
};

describe('nest-jwt-guard differs', () => {
  proveDifferences(peer, proofs);
});
