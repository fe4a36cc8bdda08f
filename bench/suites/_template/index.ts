import { alone } from '../../engine/group.ts';
import type { Profile } from '../../model/profiles.ts';
import type { Entry } from '../../model/entry.ts';
import type { Sample } from '../../model/sample.ts';
import { defineSuite, entryBlocks, type Suite } from '../suite.ts';
import { templateCharts, templateSection } from './section.ts';

interface TemplateSettings {
  /** Clients that sign in, one batch after the other. */
  readonly clients: number;
  readonly repetitions: number;
}

const id = '_template';
/** The roles that have a row; the baseline always has one. */
const takes: Suite['takes'] = ['twin', 'strategy'];

export default defineSuite<TemplateSettings>({
  id,
  order: 200,
  title: 'Template',
  question: 'How long does a client wait for its sign-in?',
  method:
    'A fresh server for each entry and repetition. Clients sign in over HTTP, 20 at a time. The figure is the time of all ' +
    'of them, divided by their number.',
  profiles: ['full'],
  takes,
  metrics: { '_template-time': { unit: 'ms', better: 'lower' } },
  settings: {
    default: { clients: 100, repetitions: 6 },
    smoke: { clients: 20, repetitions: 1 },
  },
  section: templateSection,
  charts: templateCharts,
  blocks: (entries, profile, { clients, repetitions }) =>
    entryBlocks({ id, takes }, 'sign-ins', entries, repetitions, { expected: 2 }, (entry) =>
      measure(entry, profile, clients),
    ),
});

/** One figure of one block. Throw where an answer is wrong: the block then counts as failed. */
function measure(entry: Entry, { cores }: Profile, clients: number): Promise<Sample[]> {
  return alone(entry, { cores }, async ({ server, generator }) => {
    const users = await server.call.addUsers('client', clients);
    const startedAt = performance.now();
    await generator.call.signIn(server.url, users);
    const ms = (performance.now() - startedAt) / clients;
    return [{ metric: '_template-time', value: ms, params: { clients } }];
  });
}
