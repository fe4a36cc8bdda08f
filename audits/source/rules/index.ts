import type { SourceFindingId } from '../../remote/verdict/source-findings.ts';
import type { Rule } from '../rule.ts';
import anyOriginWithCookie from './any-origin-with-cookie.ts';
import decodeWithoutVerify from './decode-without-verify.ts';
import guardOnHook from './guard-on-hook.ts';
import secretInSource from './secret-in-source.ts';
import stringSecret from './string-secret.ts';
import tokenInQuery from './token-in-query.ts';
import uncaughtInHook from './uncaught-in-hook.ts';
import verdictAfterConnect from './verdict-after-connect.ts';

/** The packed audit is one bundle and reads no folder. So the rules are named here, and the type lets none be left out. */
export const rules: Readonly<Record<SourceFindingId, Rule>> = {
  'any-origin-with-cookie': anyOriginWithCookie,
  'decode-without-verify': decodeWithoutVerify,
  'guard-on-hook': guardOnHook,
  'secret-in-source': secretInSource,
  'string-secret': stringSecret,
  'token-in-query': tokenInQuery,
  'uncaught-in-hook': uncaughtInHook,
  'verdict-after-connect': verdictAfterConnect,
};
