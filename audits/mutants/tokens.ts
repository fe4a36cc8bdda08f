import { TokenService } from '../../strategies/shared/tokens/token-service.ts';
import type { Json } from '../checks/forge.ts';
import { part, issuerOf, believing, isSigned, signedByServer, token } from './shared/faults.ts';
import type { Mutant } from '../engine/mutant.ts';

const mutants: readonly Mutant[] = [
  { ...token, fault: 'signatures are not looked at', breaks: 'sig-tampered', sabotage: believing(() => true) },
  {
    ...token,
    fault: '`none` is an algorithm',
    breaks: 'alg-none',
    sabotage: believing((_, { alg }) => String(alg).toLowerCase() === 'none'),
  },
  {
    ...token,
    fault: 'the public key is an HMAC key',
    breaks: 'alg-confusion',
    sabotage: believing(
      (given, { alg }, _options, scenario) =>
        alg === 'HS256' &&
        isSigned(given, issuerOf(scenario).keys.current.verify.export({ type: 'spki', format: 'pem' }).toString()),
    ),
  },
  {
    ...token,
    fault: 'any HMAC will do',
    breaks: 'alg-not-allowed',
    sabotage: believing((given, { alg }, options) => signedByServer(given, options, String(alg).replace('HS', 'sha'))),
  },
  {
    ...token,
    fault: 'the key is taken from the token',
    breaks: 'header-key-injection',
    sabotage: believing((given, { jwk }) => jwk !== undefined && isSigned(given, String((jwk as Json)['k']))),
  },
  {
    ...token,
    fault: '`crit` is not read',
    breaks: 'crit-unknown',
    sabotage: believing((given, { crit }, options) => crit !== undefined && signedByServer(given, options)),
  },
  {
    ...token,
    fault: 'issuer and audience are not compared',
    breaks: 'iss-aud',
    sabotage: believing((given, _, options) => signedByServer(given, options)),
  },
  {
    ...token,
    fault: 'one kind of token is as good as another',
    breaks: 'cross-jwt',
    sabotage: believing((given, { typ }, options) => typ !== 'at+jwt' && signedByServer(given, options)),
  },
  {
    ...token,
    fault: 'no claim is required',
    breaks: 'required-claims',
    sabotage: believing((given, _, options) => signedByServer(given, options)),
  },
  {
    ...token,
    fault: 'claims are of any type',
    breaks: 'claim-type-fuzz',
    sabotage: believing((given, _, options) => signedByServer(given, options)),
  },
  {
    ...token,
    fault: 'nothing is denied at CONNECT',
    breaks: 'token-malleability',
    sabotage(scenario) {
      part(scenario, TokenService).requireCurrentPrincipal = async (claims) => ({ ...claims });
    },
  },
  {
    ...token,
    fault: 'a token of an unknown key is verified with the current one',
    breaks: 'unknown-kid-flood',
    sabotage: believing((given, _, options) => signedByServer(given, options)),
  },
  {
    ...token,
    fault: 'a retired key verifies for ever',
    breaks: 'key-rotation',
    sabotage(scenario) {
      const { keys } = issuerOf(scenario);
      const [first, find] = [keys.current, keys.find.bind(keys)];
      keys.find = (header, now) => find(header, now) ?? (header.kid === first.kid ? first : undefined);
    },
  },
];

export default mutants;
