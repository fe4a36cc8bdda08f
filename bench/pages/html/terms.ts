import { type Markup, markup } from '../../report/markup.ts';
import { TOLERATED } from '../../report/leaks.ts';

/** The terms of the report that a first reader may not know, in one or two sentences each. */
export const terms = {
  'as-published': 'The policy as the article describes it, with nothing added.',
  hardened: 'The same strategy with every gap closed that can be closed. It is the default of the package.',
  'no-auth baseline':
    'The same gateways, guards and filter without any check of credentials (_no-auth). Every cost is compared with it.',
  'A/A twin': 'The no-auth baseline once more under a second name. Any difference between the two is noise.',
  'noise floor':
    "The larger distance between 1 and either end of the A/A twin's interval. Smaller differences are not reported.",
  control:
    'The no-auth baseline with a known cost added to each message. It shows whether the run can see such a cost.',
  '95% interval':
    'The range that holds the true value in 95 of 100 such runs. A difference counts only if its interval leaves "no difference" out.',
  'no difference found':
    'The run could not tell this cost from that of the no-auth baseline. The interval says how large it could be at most.',
  withheld: 'The run is too noisy for this comparison: the no-auth baseline and its twin differ.',
  censored: 'It was still usable when the measurement ended, so the figure is a lower bound. It is written with ">".',
  'goes on': `It still worked more than ${TOLERATED} ms after it should have ended. A connection takes a moment to be closed.`,
  deviation: 'A promise that the strategy does not keep, and says so. The audit proves that it is not kept.',
  peer: 'What people write today, each by its own documentation or by the article. It is measured beside the strategies.',
  saturated: 'The server gets more messages than it can handle, so that its cost per message is at its most visible.',
} as const;

/** A term in a text, explained on hover and on keyboard focus. */
export const term = (name: keyof typeof terms, text: string = name): Markup =>
  markup`<button type="button" class="term" title="${terms[name]}">${text}</button>`;

/** All terms, for readers who look for one. */
export const termList = (): Markup =>
  markup`<dl class="words">${Object.entries(terms).map(([name, text]) => markup`<dt>${name}</dt><dd>${text}</dd>\n`)}</dl>`;
