import type { Profile } from '../profiles.ts';
import { type Arm, type Block, ownerOf, type Sample } from '../suite.ts';
import { Field, type Measured, type Stall } from './field.ts';

/** A field with signed-in clients that the blocks of one repetition share; the last one ends it. */
class SharedField {
  readonly #arms: readonly Arm[];
  #users = 0;
  #field: Promise<Field> | undefined;

  constructor(arms: readonly Arm[]) {
    this.#arms = arms;
  }

  retain(): void {
    this.#users += 1;
  }

  async use<T>(clients: number, use: (field: Field) => Promise<T>): Promise<T> {
    this.#field ??= this.#start(clients);
    try {
      return await use(await this.#field);
    } catch (error) {
      // What went wrong here shall not be the next block's trouble.
      await this.#stop();
      throw error;
    } finally {
      this.#users -= 1;
      if (this.#users === 0) await this.#stop();
    }
  }

  async #start(clients: number): Promise<Field> {
    const field = await Field.start(this.#arms);
    try {
      await field.signIn(clients);
      return field;
    } catch (error) {
      await field.stop();
      throw error;
    }
  }

  async #stop(): Promise<void> {
    const field = await this.#field?.catch(() => undefined);
    this.#field = undefined;
    await field?.stop();
  }
}

const shared = new WeakMap<readonly Arm[], Map<number, SharedField>>();

function fieldOf(arms: readonly Arm[], repetition: number): SharedField {
  const fields = shared.get(arms) ?? new Map<number, SharedField>();
  shared.set(arms, fields);
  const field = fields.get(repetition) ?? new SharedField(arms);
  fields.set(repetition, field);
  return field;
}

/** A block for each repetition, over all arms at once, in whatever field the other suites of that repetition use. */
export function fieldBlocks(
  suite: string,
  arms: readonly Arm[],
  { repetitions, connections }: Profile,
  expected: number,
  measure: (field: Field, repetition: number) => Promise<ReadonlyMap<Stall, readonly Sample[]>>,
): Block[] {
  return Array.from({ length: repetitions }, (_, repetition): Block => {
    const field = fieldOf(arms, repetition);
    field.retain();
    return {
      suite,
      label: `${suite}, all arms in turns`,
      group: 'field',
      repetition,
      expected,
      async run() {
        const samples = await field.use(connections, (started) => measure(started, repetition));
        return [...samples].flatMap(([{ arm }, own]) => own.map((sample) => ({ ...sample, owner: ownerOf(arm) })));
      },
    };
  });
}

/** Why a stretch of wrong answers, or of none, does not count; undefined where it does. */
export function wrongAnswers({ wrong, count }: Measured): string | undefined {
  if (wrong > 0) return `${wrong} wrong or failed answers`;
  return count === 0 ? 'nothing was done' : undefined;
}
