import { propertyOf } from '../project/gateways.ts';
import { bare, nameOf, nodesIn, type ParsedFile, textIn } from '../project/parsed-file.ts';
import type { Node } from 'oxc-parser';
import { type Fault, type Reading, rule } from '../rule.ts';

/** Anything that may look at the Origin, or keep the cookie from foreign pages. */
const CHECKS_ORIGIN =
  /\ballowRequest\b|\bverifyClient\b[^]{0,400}\borigin\b|\bheaders\s*(?:\?\.|\.)\s*origin\b|\bheaders\[['"]origin['"]\]|\bsameSite\s*:\s*(?:['"](?:strict|lax)['"]|true)/i;

const COOKIE = /^(?:headers\.cookie|request\.session)$/;

export default rule({
  id: 'any-origin-with-cookie',
  explains: ['foreign-origin'],
  refutedBy: ['origin'],
  find: (reading) => {
    if (reading.project.mentions(CHECKS_ORIGIN)) return [];
    const cookies = reading.project.socketFiles.flatMap(cookieReadsIn);
    const open = reading.gateways.flatMap((gateway) => corsFault(gateway, cookies.length > 0));
    return open.length > 0 ? open : cookies.slice(0, 1);
  },
});

/** Any origin, with cookies that are read or announced. */
function corsFault({ file, options, namespace }: Reading['gateways'][number], isReadingCookies: boolean): Fault[] {
  const cors = propertyOf(options, 'cors');
  const origin = cors && (cors.type === 'ObjectExpression' ? propertyOf(cors, 'origin') : cors);
  if (cors === undefined || (origin !== undefined && !isAny(origin))) return [];
  const isAnnounced = isTrue(propertyOf(cors, 'credentials'));
  if (!isReadingCookies && !isAnnounced) return [];
  return [
    {
      file,
      at: cors,
      severity: isReadingCookies ? 'high' : 'low',
      namespace,
      seen: isReadingCookies
        ? 'The gateway takes every Origin, and the server reads a cookie, which browsers attach for foreign pages.'
        : 'The gateway takes every Origin together with credentials, so a cookie session would be open to foreign pages.',
    },
  ];
}

function cookieReadsIn(file: ParsedFile): Fault[] {
  const seen = 'The credential is read from a cookie, and nothing in the source checks the Origin or sets SameSite.';
  return [...nodesIn(file.program)].flatMap((node): Fault[] =>
    isCookie(node) ? [{ file, at: node, severity: 'medium', seen }] : [],
  );
}

/** A cookie, or the session that a cookie names. */
const isCookie = (node: Node): boolean =>
  node.type === 'MemberExpression' && COOKIE.test(`${nameOf(bare(node.object))}.${nameOf(node)}`);

const isTrue = (node: Node | undefined): boolean => node?.type === 'Literal' && node.value === true;
const isAny = (node: Node): boolean => isTrue(node) || textIn(node) === '*';
