import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Block, Outcome, Recorded } from './suite.ts';
import type { Timeline } from './run-file.ts';

/** A block that was run, with what came of it. */
interface Entry extends Outcome {
  readonly key: string;
  readonly repetition: number;
}

const FILE = 'blocks.jsonl';

/** What a run has so far, a line a block: appended after each, so that a run that was killed goes on where it was. */
export class Journal {
  readonly #path: string;
  #entries: Entry[];

  private constructor(path: string, entries: Entry[]) {
    this.#path = path;
    this.#entries = entries;
  }

  /** A new one in `folder`; what was there is gone. */
  static begin(folder: string): Journal {
    const path = join(folder, FILE);
    writeFileSync(path, '');
    return new Journal(path, []);
  }

  /** The one in `folder`, without blocks that failed in part, which are to be run again; undefined where there is none. */
  static resume(folder: string): Journal | undefined {
    const path = join(folder, FILE);
    if (!existsSync(path)) return undefined;
    const entries = readFileSync(path, 'utf8').split('\n').flatMap(parsed);
    const whole = entries.filter(({ failures = [] }) => failures.length === 0);
    writeFileSync(path, whole.map(lineOf).join(''));
    return new Journal(path, whole);
  }

  has({ key }: Block): boolean {
    return this.#entries.some((entry) => entry.key === key);
  }

  add({ key, repetition }: Block, outcome: Outcome): void {
    const entry = { key, repetition, ...outcome };
    this.#entries.push(entry);
    appendFileSync(this.#path, lineOf(entry));
  }

  get samples(): Recorded[] {
    return this.#entries.flatMap(({ key, repetition, samples }) =>
      samples.map((sample) => ({ ...sample, value: sample.value ?? NaN, block: key, repetition })),
    );
  }

  /** One a strategy and variant: the first that was recorded. */
  get timelines(): Timeline[] {
    const all = this.#entries.flatMap(({ timelines = [] }) => timelines);
    const nameOf = ({ strategy, variant }: Timeline) => `${strategy} ${variant}`;
    return [...new Map(all.toReversed().map((one) => [nameOf(one), one])).values()].toSorted((a, b) =>
      nameOf(a).localeCompare(nameOf(b)),
    );
  }
}

const lineOf = (entry: Entry): string => `${JSON.stringify(entry)}\n`;

/** A line that was cut off by the end of its run is none. */
function parsed(line: string): Entry[] {
  try {
    return line === '' ? [] : [JSON.parse(line) as Entry];
  } catch {
    return [];
  }
}
