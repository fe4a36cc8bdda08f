import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Block, Outcome, Recorded } from '../model/sample.ts';
import { replaceFile, type Timeline } from '../model/run-file.ts';

/** A block that was run, with what came of it. */
interface JournalRecord extends Outcome {
  readonly key: string;
  readonly repetition: number;
}

const FILE = 'blocks.jsonl';

/** What a run has so far, a line a block: appended after each, so that a run that was killed goes on where it was. */
export class Journal {
  readonly #path: string;
  #records: JournalRecord[];

  private constructor(path: string, records: JournalRecord[]) {
    this.#path = path;
    this.#records = records;
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
    const text = readFileSync(path, 'utf8');
    const whole = text
      .split('\n')
      .flatMap(parsed)
      .filter(({ failures = [] }) => failures.length === 0);
    const kept = whole.map(lineOf).join('');
    if (kept !== text) replaceFile(path, kept);
    return new Journal(path, whole);
  }

  has({ key }: Block): boolean {
    return this.#records.some((record) => record.key === key);
  }

  add({ key, repetition }: Block, outcome: Outcome): void {
    const record = { key, repetition, ...outcome };
    this.#records.push(record);
    appendFileSync(this.#path, lineOf(record));
  }

  get samples(): Recorded[] {
    return this.#records.flatMap(({ key, repetition, samples }) =>
      samples.map((sample) => ({ ...sample, value: sample.value ?? NaN, block: key, repetition })),
    );
  }

  /** One for each entry, end and kind of client: the first that was recorded. */
  get timelines(): Timeline[] {
    const all = this.#records.flatMap(({ timelines = [] }) => timelines);
    const nameOf = ({ strategy, variant, end, client }: Timeline) => `${strategy} ${variant} ${end} ${client}`;
    return [...new Map(all.toReversed().map((one) => [nameOf(one), one])).values()].toSorted((a, b) =>
      nameOf(a).localeCompare(nameOf(b)),
    );
  }
}

const lineOf = (record: JournalRecord): string => `${JSON.stringify(record)}\n`;

/** A line that was cut off by the end of its run is none. */
function parsed(line: string): JournalRecord[] {
  try {
    const record = JSON.parse(line) as Partial<JournalRecord> | null;
    return typeof record?.key === 'string' && Array.isArray(record.samples) ? [record as JournalRecord] : [];
  } catch {
    return [];
  }
}
