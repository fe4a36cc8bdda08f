import { posix } from 'node:path';

const link = /(\]\(|\b(?:src|srcset|href)=")([^)"\s]+)/g;

/**
 * A page whose links start at `root`, for a place in `folder`: each link leads where it led. Both are absolute paths, so
 * that a folder outside of the root works too.
 *
 * @example rebased('[how](METHODOLOGY.md)', '/lab/results/nodes', '/lab') // '[how](../../METHODOLOGY.md)'
 */
export const rebased = (page: string, folder: string, root: string): string =>
  page.replaceAll(link, (whole, start: string, target: string) => {
    if (/^(?:[a-z][a-z+.-]*:|[#/])/i.test(target)) return whole;
    const [path = '', hash] = target.split('#', 2);
    return `${start}${posix.relative(folder, posix.join(root, path)) || '.'}${hash === undefined ? '' : `#${hash}`}`;
  });
