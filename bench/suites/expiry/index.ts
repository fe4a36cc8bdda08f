import { defineSuite, entryBlocks, type Suite } from '../suite.ts';
import { hold } from './hold.ts';
import { goOn } from './honest.ts';
import { expiryCharts, expirySection } from './section.ts';
import type { ExpirySettings } from './settings.ts';

const id = 'expiry';
const takes: Suite['takes'] = ['strategy', 'peer'];

export default defineSuite<ExpirySettings>({
  id,
  order: 80,
  title: 'What happens at the end',
  question:
    'How long does a credential still act and listen after expiry, sign-out, a ban and a lost role, and what does an honest client lose?',
  method:
    'A probe holds a credential, talks on one connection, listens on another and renews nothing; what still works ' +
    'is counted from the moment it should have ended, for 2 s. It has ended where it was refused, cut off or passed ' +
    'over afterwards, and is censored otherwise; what did not work before that moment tells nothing. An honest client talks and listens over several ' +
    'lifetimes, and renews and reconnects as its strategy lets it.',
  profiles: ['quick', 'smoke', 'brief', 'full'],
  takes,
  metrics: {
    'accepted-after-expiry': { unit: 'ms', better: 'lower' },
    'delivered-after-expiry': { unit: 'ms', better: 'lower' },
    'accepted-after-revocation': { unit: 'ms', better: 'lower' },
    'delivered-after-revocation': { unit: 'ms', better: 'lower' },
    'accepted-after-ban': { unit: 'ms', better: 'lower' },
    'delivered-after-ban': { unit: 'ms', better: 'lower' },
    'accepted-after-downgrade': { unit: 'ms', better: 'lower' },
    'failed-messages': { unit: '', better: 'lower' },
    'pushed-messages': { unit: '', better: 'higher' },
    'lost-messages': { unit: '', better: 'lower' },
    'longest-gap': { unit: 'ms', better: 'lower' },
    'ended-connections': { unit: '', better: 'lower' },
  },
  settings: {
    default: { lifetime: 4, lifetimes: 2, probes: 2, repetitions: 1 },
    // Everything runs side by side here, so shorter credentials would end before they are used on a busy machine.
    smoke: { lifetime: 8, lifetimes: 1, probes: 1 },
    brief: { lifetime: 2 },
    full: { probes: 3, repetitions: 3 },
  },
  section: expirySection,
  charts: expiryCharts,
  blocks: (entries, _profile, own) =>
    entryBlocks(
      { id, takes },
      'honest and not',
      entries.filter(({ role }) => role !== 'baseline'),
      own.repetitions,
      { expected: own.lifetime * own.lifetimes + 8, waits: true },
      async (entry, _repetition, watch) => {
        const [held, honest] = await Promise.allSettled([hold(entry, own, watch), goOn(entry, own, watch)]);
        if (held.status === 'rejected') throw held.reason;
        if (honest.status === 'rejected') throw honest.reason;
        const { samples, timelines, enforced } = held.value;
        return {
          samples: [...samples, ...honest.value.samples],
          timelines: [honest.value.timeline(enforced), ...timelines],
        };
      },
    ),
});
