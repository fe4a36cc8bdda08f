import { describe, expect } from 'vitest';
import { PeerLab } from '../../test/support/peer-lab.ts';
import {
  anyOrigin,
  parsedSecret,
  headerAlone,
  perMessage,
  type Proof,
  proveDifferences,
  receivesAfterExpiry,
  rolesOfTheSignIn,
  statelessTokens,
} from '../../test/support/peer-proofs.ts';
import peer from './index.ts';

const UNKNOWN = 'Internal server error';

const proofs: Record<string, Proof> = {
  ...perMessage(UNKNOWN),
  ...headerAlone,
  ...receivesAfterExpiry,
  ...rolesOfTheSignIn,
  ...statelessTokens,
  ...parsedSecret,
  ...anyOrigin,
  'A refusal reads `Internal server error`: the guard throws an exception of HTTP': async () => {
    const lab = await PeerLab.start(peer);
    expect(await lab.attempt({})).toMatchObject({ end: 'exception', told: { message: UNKNOWN } });
  },
};

describe('nest-passport-jwt differs', () => {
  proveDifferences(peer, proofs);
});
