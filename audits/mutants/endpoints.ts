import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Scenario } from '../../harness/app/scenario.ts';
import { hmacKey } from '../../strategies/shared/tokens/key-ring.ts';
import { hmacToken, readToken } from '../checks/forge.ts';
import { cookie, issuerOf, renewing, unlimited } from './shared/faults.ts';
import type { Mutant } from '../engine/mutant.ts';

/** Done to each HTTP request before the application sees it. */
const meddling = (meddle: (request: IncomingMessage, response: ServerResponse) => void) => (scenario: Scenario) => {
  const server = scenario.app.app.getHttpServer() as NodeJS.EventEmitter;
  server.prependListener('request', meddle);
};

const mutants: readonly Mutant[] = [
  {
    ...renewing,
    fault: 'passwords may be guessed for ever',
    breaks: 'sign-in-guessing',
    options: unlimited({ failedSignInsPerAccount: false }),
  },
  {
    ...renewing,
    fault: 'a token is issued that its own verifier refuses',
    breaks: 'unusable-credential',
    options: (given) => ({ secret: 'x'.repeat(40), ...given }),
    sabotage(scenario, { secret = '' }) {
      const issuer = issuerOf(scenario);
      const issue = issuer.issue.bind(issuer);
      issuer.requireIssuable = () => {};
      issuer.issue = async (kind, claims) => {
        const { header, payload } = readToken(await issue(kind, { ...claims, roles: [] }));
        return hmacToken(header, { ...payload, roles: claims.roles }, hmacKey(secret).sign);
      };
    },
  },
  {
    ...renewing,
    fault: 'answers may be cached',
    breaks: 'no-store',
    sabotage: meddling((_, response) => {
      const set = response.setHeader.bind(response);
      response.setHeader = (name, value) => (/^cache-control$/i.test(name) ? response : set(name, value));
    }),
  },
  {
    ...cookie,
    fault: 'a form on another site can sign the user out',
    breaks: 'logout-forgery',
    sabotage: meddling(({ headers }) => void (headers['content-type'] &&= 'application/json')),
  },
];

export default mutants;
