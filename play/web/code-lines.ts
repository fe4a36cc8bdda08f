/** A part of a file. Lines count from 1. */
export interface Passage {
  readonly from: number;
  readonly to: number;
  /** The class that it is a part of; empty where it is a whole file. */
  readonly of: string;
  /** Each line with its number before it. */
  readonly text: string;
}

/** The methods of the contract by which a strategy decides, and by which it ends a connection. */
const DECIDES = /^ {2}(?:async )?(?:authenticate|authorize|renew|reconsider|onRevoked)\(/;

/** The methods of a class that decide, with their comments; the whole file where it has none of them. */
export function decidingLines(source: string): Passage[] {
  const lines = source.trimEnd().split('\n');
  const passages = lines.flatMap((line, index) => {
    if (!DECIDES.test(line)) return [];
    const end = lines.findIndex((other, at) => at >= index && other === '  }');
    const of =
      lines
        .slice(0, index)
        .flatMap((other) => /^export class (\w+)/.exec(other)?.[1] ?? [])
        .at(-1) ?? '';
    return [passage(lines, commentAbove(lines, index), end < 0 ? lines.length - 1 : end, of)];
  });
  return passages.length > 0 ? passages : [passage(lines, 0, lines.length - 1, '')];
}

/** The first line of the comment that ends right above a line, or that line itself. */
function commentAbove(lines: readonly string[], index: number): number {
  if (!lines[index - 1]?.trimEnd().endsWith('*/')) return index;
  let first = index - 1;
  while (first > 0 && !lines[first]!.trimStart().startsWith('/**')) first -= 1;
  return first;
}

function passage(lines: readonly string[], first: number, last: number, of: string): Passage {
  const digits = String(last + 1).length;
  const text = lines
    .slice(first, last + 1)
    .map((line, index) => `${String(first + index + 1).padStart(digits)}  ${line}`.trimEnd())
    .join('\n');
  return { from: first + 1, to: last + 1, of, text };
}
