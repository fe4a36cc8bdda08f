import type { Timeline } from '../../model/run-file.ts';

/** What happened in a row of the same kind, told once. */
export interface Episode {
  readonly kind: Timeline['events'][number]['kind'];
  readonly code: string | undefined;
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

const words: Record<Episode['kind'], [one: string, many: string]> = {
  connect: ['connected', 'connected'],
  message: ['message answered', 'messages answered'],
  refused: ['message refused', 'messages refused'],
  renewal: ['renewed', 'renewed'],
  cut: ['cut by the server', 'cut by the server'],
  reconnect: ['reconnected', 'reconnected'],
  end: ['ended', 'ended'],
};

/** The events of a life, with repetitions drawn together. */
export function episodesOf({ events }: Timeline): Episode[] {
  const episodes: Episode[] = [];
  for (const { at, kind, code } of events.toSorted((a, b) => a.at - b.at)) {
    const last = episodes.at(-1);
    if (last && last.kind === kind && last.code === code) {
      episodes[episodes.length - 1] = { ...last, to: at, count: last.count + 1 };
    } else episodes.push({ kind, code, from: at, to: at, count: 1 });
  }
  return episodes;
}

/** `3 messages refused (token-expired)`. */
export function nameOf({ kind, code, count }: Episode): string {
  const [one, many] = words[kind];
  const name = count > 1 || kind === 'message' || kind === 'refused' ? `${count} ${count === 1 ? one : many}` : one;
  return code === undefined ? name : `${name} (${code})`;
}

/** When, in words: `4012 ms`, or `0 to 3990 ms`. */
export const whenOf = ({ from, to }: Episode): string =>
  `${from === to ? '' : `${Math.round(from)} to `}${Math.round(to)} ms`;

/** A life in words, for who cannot see its picture. */
export function timelineText(timeline: Timeline): string {
  const expiries = timeline.expiries.map((at) => Math.round(at)).join(', ');
  const ends = timeline.expiries.length === 0 ? 'No credential ends.' : `The credential ends at ${expiries} ms.`;
  return `${episodesOf(timeline)
    .map((episode) => `${whenOf(episode)}: ${nameOf(episode)}`)
    .join('; ')}. ${ends}`;
}
