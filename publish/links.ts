import { posix } from 'node:path';

const link = /(\]\(|\b(?:src|srcset|href)=")([^)"\s]+)/g;

/**
 * A page whose links start at the repository's root, for a place in `folder`: each link leads where it led.
 *
 * @example rebased('[how](METHODOLOGY.md)', 'results/nodes') // '[how](../../METHODOLOGY.md)'
 */
export const rebased = (page: string, folder: string): string =>
  page.replaceAll(link, (whole, start: string, target: string) => {
    if (/^(?:[a-z][a-z+.-]*:|[#/])/i.test(target)) return whole;
    const [path = '', hash] = target.split('#', 2);
    return `${start}${posix.relative(folder, path) || '.'}${hash === undefined ? '' : `#${hash}`}`;
  });
