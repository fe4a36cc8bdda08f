import * as fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { countPosts, refusalOf, Scenario, say } from '../../harness/app/scenario.ts';
import { connectFrame, eventFrame } from '../../harness/app/raw-transport.ts';
import { loadStrategies } from '../../strategies/registry.ts';
import type { Strategy } from '../../strategies/strategy.ts';
import { cases, patience } from './rounds.ts';

const strategies = (await loadStrategies()).filter(({ role }) => role === 'strategy');

async function started(strategy: Strategy): Promise<Scenario> {
  const scenario = await Scenario.start(strategy, 'hardened', { limits: false });
  onTestFinished(() => scenario.dispose());
  return scenario;
}

/** Nobody is in, nothing was said, and whoever has signed in is served. */
async function stateOf(scenario: Scenario, posts: () => number) {
  const { accepted } = scenario.app.counters();
  const before = posts();
  const socket = await scenario.connect(await scenario.signedIn(await scenario.user()));
  return { accepted, posts: before, refusal: await refusalOf(say(socket)) };
}
const FIRM = { accepted: 0, posts: 0, refusal: undefined };

const words = fc.constantFrom(
  '0', '1', '2', '3', '4', '40', '41', '42', '43', '44', '45', '46', '/chat', '/', ',', '?', '[', ']', '{', '}', '"',
  '"sendMessage"', '"auth:renew"', '{"text":"x"}', '{"token":"x"}', '{"_placeholder":true,"num":0}', '-', '1e999', '\u0000', '\\',
); // prettier-ignore
const packet = fc.oneof(
  fc.array(words, { maxLength: 12 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.jsonValue().map((value) => `42/chat,["sendMessage",${JSON.stringify(value)}]`),
  fc.jsonValue().map((value) => `40/chat,${JSON.stringify(value)}`),
);
/** What someone who has no credential may present: not even `subject` names one. */
const presented = fc.dictionary(
  fc.constantFrom('token', 'wsToken', 'room', 'subject', 'pid', '__proto__'),
  fc.oneof(fc.jsonValue(), fc.string()),
);

describe.each(strategies)('$id', { timeout: patience }, (strategy) => {
  it('lets nobody in by whatever is presented at CONNECT', async () => {
    const scenario = await started(strategy);
    const posts = countPosts(scenario);
    const cookie = fc
      .string({ unit: 'grapheme-ascii', maxLength: 40 })
      .map((text) => `sid=${encodeURIComponent(text)}`);
    await fc.assert(
      fc.asyncProperty(presented, cookie, async (auth, given) => {
        const transport = await scenario.raw({ extraHeaders: { cookie: given } });
        transport.send(connectFrame('/chat', auth));
        expect(await transport.frame(/^4[04]/)).toMatch(/^44\/chat,.*"code":"/);
        transport.close();
      }),
      cases(100),
    );
    expect(await stateOf(scenario, posts)).toEqual(FIRM);
  });

  it('lives on and lets nobody in, whatever packets arrive', async () => {
    const scenario = await started(strategy);
    const posts = countPosts(scenario);
    await fc.assert(
      fc.asyncProperty(fc.array(packet, { minLength: 1, maxLength: 5 }), async (packets) => {
        const transport = await scenario.raw();
        transport.send(...packets);
        transport.close();
        await transport.closed;
      }),
      cases(150),
    );
    expect(await stateOf(scenario, posts)).toEqual(FIRM);
  });

  it('answers whatever is posted to its HTTP endpoints by a refusal, and never by an error of its own', async () => {
    const scenario = await started(strategy);
    const body = fc.oneof(
      fc.json(),
      fc.string(),
      fc.jsonValue().map((refreshToken) => JSON.stringify({ refreshToken })),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('login', 'refresh', 'logout'), body, async (endpoint, text) => {
        const response = await fetch(`${scenario.app.url}/auth/${endpoint}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: text,
        });
        const answer = await response.text();
        // Signing out nobody is no error where there is nothing to sign out.
        expect(response.status === 204 || (response.status >= 400 && response.status < 500)).toBe(true);
        expect(answer).not.toMatch(/accessToken|refreshToken|stack|node_modules/);
      }),
      cases(150),
    );
    expect(await stateOf(scenario, () => 0)).toEqual(FIRM);
  });

  it('gets no word to a handler that its shape does not let through', async () => {
    const scenario = await started(strategy);
    const posts = countPosts(scenario);
    const { auth, extraHeaders } = (await scenario.signedIn(await scenario.user())).connectOptions();
    const transport = await scenario.raw({ ...(extraHeaders && { extraHeaders }) });
    transport.send(connectFrame('/chat', auth));
    expect(await transport.frame(/^40/)).toBeDefined();
    let ack = 0;
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (data) => {
        fc.pre(typeof (data as { text?: unknown } | null)?.text !== 'string');
        const id = String((ack += 1));
        transport.send(eventFrame('/chat', 'sendMessage', data, id));
        expect(await transport.frame(new RegExp(`^43/chat,${id}\\[`))).toContain('"refused"');
      }),
      cases(150),
    );
    expect(posts()).toBe(0);
  });
});
