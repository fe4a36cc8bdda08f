import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { ConfigurationError } from '../../strategies/shared/errors.ts';
import { actions } from './actions.ts';

const ids = actions.map(({ id }) => id);
const seconds = z.number().min(0).max(600);

const shape = z.strictObject({
  title: z.string().min(1).max(80),
  /** One or two sentences that say where to look. */
  says: z.string().min(1).max(300),
  /** `at` counts in seconds from the start. */
  steps: z
    .array(z.strictObject({ at: seconds, do: z.enum(ids) }))
    .min(1)
    .max(50),
  /** How long it lasts, in seconds. */
  until: seconds,
});

/** Buttons that press themselves at their time. */
export interface Scenario extends z.infer<typeof shape> {
  /** The name of its file. */
  readonly id: string;
}

/** Every scenario, found by its file in `play/scenarios/`. @throws ConfigurationError that names what is wrong in which file */
export function loadScenarios(root: string): Scenario[] {
  const folder = join(root, 'play', 'scenarios');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .toSorted()
    .map((name) => scenarioOf(basename(name, '.json'), readFileSync(join(folder, name), 'utf8')));
}

/** Reads one scenario. @throws ConfigurationError */
export function scenarioOf(id: string, text: string): Scenario {
  const file = `play/scenarios/${id}.json`;
  const { data, error } = shape.safeParse(jsonOf(text, file));
  if (data === undefined) {
    const [issue] = error.issues;
    throw wrong(file, `${issue?.path.join('.') || 'the file'}: ${issue?.message}`);
  }
  const ordered = data.steps.every(({ at }, index) => at >= (data.steps[index - 1]?.at ?? 0) && at <= data.until);
  if (!ordered) throw wrong(file, 'its steps must be in the order of their times, and before its end');
  return { id, ...data };
}

function jsonOf(text: string, file: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw wrong(file, 'this is not JSON');
  }
}

const wrong = (file: string, what: string): ConfigurationError =>
  new ConfigurationError('ERR_SCENARIO', `${file}: ${what}`);
