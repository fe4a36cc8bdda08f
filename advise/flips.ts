import type { Option } from './advise.ts';

/** Where another option would be first. */
export interface Flip {
  readonly input: 'messages-per-second' | 'revocation-within';
  /** Messages a second, or ms. */
  readonly at: number;
  readonly direction: 'above' | 'below';
  readonly to: string;
}

/** At which input values another option would be first: costs are straight lines of the message rate. */
export function flipsOf(options: readonly Option[]): Flip[] {
  const [first, ...others] = options.filter(({ out }) => out === undefined);
  if (first === undefined) return [];
  const fixed = ({ perRenewal }: Option) => perRenewal.perSecond * perRenewal.us;
  const rates = others.flatMap((other): Flip[] => {
    const slope = first.perMessage.us - other.perMessage.us;
    const at = (fixed(other) - fixed(first)) / slope;
    // Nobody asks for less than one message a second.
    if (!Number.isFinite(at) || Math.round(at) <= 0) return [];
    return [{ input: 'messages-per-second', at, direction: slope > 0 ? 'above' : 'below', to: other.strategy }];
  });
  const stricter = others.find(({ exposure }) => exposure < first.exposure);
  const nearest = (direction: Flip['direction']) =>
    rates
      .filter((flip) => flip.direction === direction)
      .toSorted((a, b) => (direction === 'above' ? a.at - b.at : b.at - a.at))
      .slice(0, 1);
  return [
    ...nearest('above'),
    ...nearest('below'),
    ...(stricter === undefined
      ? []
      : [{ input: 'revocation-within', at: first.exposure, direction: 'below', to: stricter.strategy } as const]),
  ];
}
