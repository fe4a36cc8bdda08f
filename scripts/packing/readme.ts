import { anchorOf } from '../../bench/report/anchor.ts';

/** The sections of the repository's README that someone needs who has installed the package. */
const SECTIONS = ['Use it in your app', 'Several nodes'];

/** Parts of these sections that few readers need; they stand in the repository. */
const LEFT_OUT = [
  'Guests',
  'One session per user',
  'A strategy of its own for one namespace',
  'What several nodes cost',
  'Your own store',
];

const INTRODUCTION = `# nest-ws-auth-lab

Authentication for NestJS gateways over Socket.IO: connections that outlive their access token are renewed, or they end. A sign-out,
a ban or a lost role ends them at once. Pages that are named here without a link are in the repository, as are the measurements.
`;

/** An entry of a list that begins with a command of the repository. */
const COMMANDS = /^- `npm run [^]*?\n(?=\S|\n)/gm;

/** Whether a text is what `packageReadme` returns. */
export const isPackageReadme = (text: string): boolean => text.startsWith(INTRODUCTION);

/**
 * The README of the package, made of sections of the repository's. A link to a page that the package does not hold becomes
 * its text, and what is said of the repository's own commands is left out.
 * @throws Error if a section is missing
 */
export function packageReadme(readme: string): string {
  const sections = readme.split(/\n(?=## )/);
  const kept = SECTIONS.map((heading) => {
    const found = sections.find((section) => section.startsWith(`## ${heading}\n`));
    if (found === undefined) throw new Error(`README.md has no section "${heading}", which the package's README needs`);
    const parts = found.split(/\n(?=### )/);
    return parts
      .filter((part) => !LEFT_OUT.some((title) => part.startsWith(`### ${title}\n`)))
      .join('\n')
      .trim();
  });
  const text = [INTRODUCTION.trim(), ...kept]
    .join('\n\n')
    .replaceAll(COMMANDS, '')
    .replaceAll(/\n{3,}/g, '\n\n');
  const anchors = new Set([...text.matchAll(/^##+ (.+)$/gm)].map(([, heading = '']) => `#${anchorOf(heading)}`));
  const linked = text.replaceAll(/\[([^\]]+)\]\(([^)\s]+)\)/g, (link, words: string, target: string) =>
    target.startsWith('http') || anchors.has(target) ? link : words,
  );
  return `${linked}\n`;
}
