import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { jsonSchema } from './remote/description/schema.ts';
import { type AnyFindingId, findings, type FindingText, textOf } from './remote/verdict/findings.ts';

const ids = Object.keys(findings) as AnyFindingId[];
const folder = new URL('./findings/', import.meta.url);

/** The page of one finding. */
function pageText(id: AnyFindingId): string {
  const { title, attacker, mend, code, help, source }: FindingText = textOf(id);
  return [
    `# ${title}`,
    `The audit reports this as \`${id}\`.`,
    `**What an attacker does.** ${attacker}`,
    `**How to fix it in Nest.** ${mend}`,
    ...(code === undefined ? [] : [`\`\`\`ts\n${code}\n\`\`\``]),
    `The standard: ${source}. More: [${new URL(help).host}](${help}).`,
    `[About the audit](../README.md)`,
  ]
    .join('\n\n')
    .concat('\n');
}

it.each(ids)('%s has its page, as the catalogue has it (vitest -u writes it)', async (id) => {
  await expect(pageText(id)).toMatchFileSnapshot(`./findings/${id}.md`);
});

it('every page is that of a finding', () => {
  expect(readdirSync(folder).toSorted()).toEqual(ids.map((id) => `${id}.md`).toSorted());
});

it('ws-audit.schema.json is the schema by which descriptions are read (npm run audit -- schema prints it)', () => {
  const shipped = JSON.parse(readFileSync(new URL('./ws-audit.schema.json', import.meta.url), 'utf8')) as object;
  expect(shipped).toEqual(JSON.parse(JSON.stringify(jsonSchema())));
});
