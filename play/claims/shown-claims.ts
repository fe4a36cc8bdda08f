import type { Claim, Outcome } from '../../claims/claim.ts';
import { claims, verdictsOf } from '../../claims/index.ts';
import type { Platform, Seen } from '../../claims/evidence.ts';
import { seenBy } from '../../claims/lines.ts';
import type { ClaimsRecord } from '../../claims/record.ts';

/** A claim of the article that the page can try, with its published verdict. */
export interface ShownClaim {
  readonly id: string;
  readonly says: string;
  readonly where: string;
  readonly metric: string;
  readonly threshold: string;
  readonly published: ShownVerdict | undefined;
}

/** A verdict, and what was seen on which Nest. */
export interface ShownVerdict {
  readonly outcome: Outcome;
  readonly condition?: string | undefined;
  readonly seen: string;
}

/** A demonstration is under way, and there is only one at a time. */
export class DemonstratingError extends Error {
  override readonly name = 'DemonstratingError';
}

/** The refuted ones first: they surprise. */
const order: readonly Outcome[] = ['refuted', 'qualified', 'inconclusive', 'supported'];

/** The claims that rest on demonstrations alone; each demonstration runs in a process of its own. */
export class ShownClaims {
  readonly all: readonly ShownClaim[];
  /** The page that explains the published verdicts, as a path below the repository. */
  readonly report: string;
  readonly #run: (demonstration: string) => Promise<Platform>;
  #running = false;

  constructor(record: ClaimsRecord, report: string, run: (demonstration: string) => Promise<Platform> = seenBy) {
    this.report = report;
    this.#run = run;
    this.all = demonstrable
      .map(({ id, says, where, metric, threshold, needs }) => ({
        id,
        says,
        where,
        metric,
        threshold,
        published: publishedOf(record, id, needs),
      })) // prettier-ignore
      .toSorted((a, b) => rank(a) - rank(b));
  }

  /** Tries a claim on this machine; undefined where it is unknown. @throws DemonstratingError */
  async try(id: string): Promise<ShownVerdict | undefined> {
    const claim = demonstrable.find((one) => one.id === id);
    if (claim === undefined) return undefined;
    if (this.#running) throw new DemonstratingError('A demonstration is under way; wait for it');
    this.#running = true;
    try {
      const platforms: Platform[] = [];
      for (const name of namesOf(claim.needs)) platforms.push(await this.#run(name));
      const [{ verdict } = { verdict: undefined }] = verdictsOf({ platforms, observations: {} }, [claim]);
      return verdict && { outcome: verdict.outcome, condition: verdict.condition, seen: seenText(platforms) };
    } finally {
      this.#running = false;
    }
  }
}

const namesOf = ({ demonstrations = [] }: Claim['needs']): readonly string[] => demonstrations;

const demonstrable = claims.filter(
  ({ needs: { demonstrations, ...more } }) => demonstrations !== undefined && Object.keys(more).length === 0,
);

const rank = ({ published }: ShownClaim): number => order.indexOf(published?.outcome ?? 'inconclusive');

function publishedOf({ verdicts, platforms }: ClaimsRecord, id: string, needs: Claim['needs']): ShownVerdict | undefined {
  const verdict = verdicts[id];
  if (verdict === undefined) return undefined;
  const wanted = namesOf(needs);
  const asked = platforms.map(({ nest, seen }) => ({
    nest,
    seen: Object.fromEntries(Object.entries(seen).filter(([name]) => wanted.includes(name))),
  }));
  return { outcome: verdict.outcome, condition: verdict.condition, seen: seenText(asked) };
} // prettier-ignore

/** Lines of Nest that saw the same are named together. */
function seenText(platforms: readonly Platform[]): string {
  const byText = new Map<string, string[]>();
  for (const { nest, seen } of platforms) {
    const text = Object.values(seen).map(wordsOf).join(', ');
    byText.set(text, [...(byText.get(text) ?? []), nest]);
  }
  return [...byText].map(([text, lines]) => `Nest ${lines.join(' and ')}: ${text}`).join('. ');
}

/** `{ handledAsync: 3 }` as `handled async: 3`. */
const wordsOf = (seen: Seen): string =>
  Object.entries(seen)
    .map(([name, value]) => `${spaced(name)}: ${value === true ? 'yes' : value === false ? 'no' : value}`)
    .join(', ');

const spaced = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
