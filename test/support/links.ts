import { posix } from 'node:path';
import { anchorOf } from '../../bench/report/anchor.ts';

/** Relative links and images of Markdown pages that lead nowhere, as `PAGE links to TARGET`. `find` gives the text at a path. */
export const brokenLinks = (
  pages: Readonly<Record<string, string>>,
  find: (path: string) => string | undefined,
): string[] =>
  Object.entries(pages)
    .filter(([path]) => path.endsWith('.md'))
    .flatMap(([path, text]) =>
      targetsOf(text)
        .filter((target) => !leads(path, target, (at) => pages[at] ?? find(at)))
        .map((target) => `${path} links to ${target}`),
    );

const targetsOf = (text: string): string[] =>
  [...text.replaceAll(/```[\s\S]*?```|`[^`\n]*`/g, '').matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target!)
    .filter((target) => !/^[a-z]+:/.test(target));

function leads(page: string, target: string, textAt: (path: string) => string | undefined): boolean {
  const [file = '', anchor] = target.split('#');
  const text = textAt(file === '' ? page : posix.join(posix.dirname(page), file));
  return text !== undefined && (anchor === undefined || headingsOf(text).includes(anchor));
}

const headingsOf = (text: string): string[] =>
  [...text.replaceAll(/```[\s\S]*?```/g, '').matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading!));
