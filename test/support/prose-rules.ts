import { oldWordsIn } from './word-rules.ts';

/** One sentence of a Markdown text that is prose, and the line at which its paragraph begins. */
export interface Sentence {
  readonly line: number;
  readonly text: string;
}

/** The longest sentence, in words. */
const LONGEST = 30;

/** The findings of all prose rules in a text, as `NAME:LINE what`; none if all are kept. */
export const proseFindings = (name: string, markdown: string): string[] => [
  ...longSentences(name, markdown),
  ...unexplainedSymbols(name, markdown),
  ...bareNumbers(name, markdown),
  ...oldWordsIn({ path: name, text: markdown, imports: [] }),
];

const findings = (name: string, markdown: string, of: (sentence: string) => string[]): string[] =>
  sentencesOf(markdown).flatMap(({ line, text }) => of(text).map((found) => `${name}:${line} ${found}`));

/** Sentences of more than 30 words. A link counts as its text, and code between backticks as one word. */
export const longSentences = (name: string, markdown: string): string[] =>
  findings(name, markdown, (sentence) => {
    const words = sentence.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
    return words > LONGEST ? [`${words} words: ${sentence.slice(0, 60)}`] : [];
  });

/** Symbols that mean nothing until a page says what. An arrow and an operator in code are no symbols of a page. */
const SYMBOLS = ['~', '†', '‡', '±', '≈', '✓', '✗', '✔', '✘', '>', '–'] as const;

/** Symbols in prose or tables that the page does not explain, as in: ">" marks what had not ended. */
export function unexplainedSymbols(name: string, markdown: string): string[] {
  const lines = withoutCode(markdown).split('\n');
  const raw = markdown.replaceAll(/```[\s\S]*?```/g, '');
  return SYMBOLS.flatMap((symbol) => {
    const used = lines.findIndex((line) => usesOf(symbol).test(line.replace(/^\s*>\s/, '')));
    const legend = new RegExp(`["\`']${symbol}["\`'][^.\\n]*\\b(?:means?|marks?|says?|stands? for|is)\\b`);
    return used < 0 || legend.test(raw) ? [] : [`${name}:${used + 1} '${symbol}' is not explained on this page`];
  });
}

/** A dash between words is punctuation, and alone in a cell a symbol. So is a `>` before a number, and a `~` that begins no path. */
function usesOf(symbol: (typeof SYMBOLS)[number]): RegExp {
  if (symbol === '–') return /\|\s*–\s*\|/;
  if (symbol === '>') return /(?:^|[|\s(])>\s?\d/;
  return symbol === '~' ? /(?:^|[\s|(])~(?=[\s|\d[(]|$)/ : new RegExp(symbol);
}

/** Words that are no unit, and name nothing that could be counted. */
const NO_UNIT = new Set(
  'and or to is are was were in on at by for than with from if when as where but it that which so because'.split(' '),
);
/** A number behind one of these is a name: `Node 20`, `RFC 6750`, `seed 1`. */
const NAMED =
  /(?:\b(?:[A-Z][\w.-]*|version|section|code|codes|seed|port|status|exit|line|level|least|most|exactly|than|to|only|issue|step|with|chapter|the|of|by|within|x)|[A-Z]\w*\s(?:and|or|to)|\d,?\s(?:and|or)|[×§#])\s*$/;

/** Numbers in prose without a unit or a noun behind them: `It takes 3.` Versions, dates and names such as `RFC 6750` have none. */
export const bareNumbers = (name: string, markdown: string): string[] =>
  findings(name, markdown, (sentence) => {
    const numbers = [...sentence.matchAll(/(?<![\w.,:/#§+-])\d+(?:[.,]\d+)*(?:[–-]\d+)?(?![\w:])/g)];
    return numbers
      .filter(({ 0: text, index }) => {
        const [before, after] = [sentence.slice(0, index), sentence.slice(index + text.length)];
        if (/\.\d+\.|^\d{4}$/.test(text) || NAMED.test(before)) return false;
        const next =
          /^\s*(?:%|"|\/|\+|[(*\])-]*\s*(?:(?:,|,?\s*(?:of|and|or|to))\s+(?=\d))?)?\s*([\p{L}]+|\d|%|\/)/u.exec(
            after,
          )?.[1];
        return next === undefined || /^[.;:]/.test(after) || NO_UNIT.has(next.toLowerCase());
      })
      .map(({ 0: text }) => `${text} has no unit and no noun: ${sentence.slice(0, 60)}`);
  });

/** The prose of a text in sentences: paragraphs and items of lists, without headings, tables, code, comments and HTML. */
export function sentencesOf(markdown: string): Sentence[] {
  const lines = withoutCode(markdown).split('\n');
  const paragraphs: { line: number; text: string }[] = [];
  let open = false;
  for (const [index, line] of lines.entries()) {
    const isProse = line.trim() !== '' && !/^\s*(?:\||#|<|\[[^\]]+\]:)/.test(line);
    const item = /^\s*(?:[-*]|\d+\.)\s+(.*)$/.exec(line);
    if (isProse && (item !== null || !open)) paragraphs.push({ line: index + 1, text: item?.[1] ?? line.trim() });
    else if (isProse) paragraphs.at(-1)!.text += ` ${line.trim()}`;
    open = isProse;
  }
  return paragraphs.flatMap(({ line, text }) =>
    plain(text)
      // A colon in front of a list of names ends a statement, too.
      .split(/(?<=[.!?:;]["')*]*)\s+(?=["'(*]*[\p{Lu}\p{N}]|code\b)/u)
      .filter((sentence) => sentence.trim() !== '')
      .map((sentence) => ({ line, text: sentence.trim() })),
  );
}

/** Links as their text, code as one word, and without emphasis. */
const plain = (text: string): string =>
  text
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/\*\*|__/g, '')
    .replaceAll(/<[^>]+>/g, '');

/** Blank lines for blocks of code, comments and front matter, so that lines keep their numbers; `code` for spans of it. */
const withoutCode = (markdown: string): string =>
  markdown
    .replaceAll(/^---\n[\s\S]*?\n---$|```[\s\S]*?```|<!--[\s\S]*?-->/g, (block) => block.replaceAll(/[^\n]/g, ''))
    .replaceAll(/`[^`\n]+`/g, 'code');

/** The help text of a command, from its source, as paragraphs: options, examples and values that are computed are no prose. */
export function helpTextOf(source: string): string {
  const help = /const HELP = `([\s\S]*?)(?<!\\)`;/.exec(source)?.[1] ?? '';
  return help
    .replaceAll(/\$\{[^`]*?\}/g, 'code')
    .split('\n')
    .map((line) => (/^Usage:|^\s{2,}/.test(line) ? '' : line))
    .join('\n');
}
