import type { Check, Place, ServerReport } from '../../remote/verdict/report.ts';

/** The name of what was audited. */
export function nameOf({ url, namespace, platform, source }: ServerReport): string {
  if (url === '') return `the source in ${source?.folder ?? '.'}`;
  return platform === 'ws' ? url : `${url}${namespace}`;
}

/** `src/chat.gateway.ts:12:3`, as editors and terminals open it. */
export const placeOf = ({ file, line, column }: Place): string => `${file}:${line}:${column}`;

/** How the server and the source were read, a line each. */
export function basisOf({ control, source }: ServerReport): string[] {
  if (source === undefined) return [control];
  const { folder, files, gateways, unread } = source;
  const without = unread.length === 0 ? '' : `; not read: ${unread.join(', ')}`;
  const read = `Read ${counted(files, 'file')} in ${folder}, with ${counted(gateways, 'gateway')}${without}.`;
  return control === '' ? [read] : [control, read];
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** `20 kept, 3 broken by 1 cause, 6 could not tell, 2 not applicable`. */
export function totals({ url, checks, findings }: ServerReport): string {
  if (url === '') return findings.length === 0 ? 'Nothing found' : counted(findings.length, 'finding');
  const count = (state: Check['state']): number => checks.filter((one) => one.state === state).length;
  const seen = findings.filter((finding) => finding.evidence.length > 0 || finding.places === undefined);
  const more = findings.length - seen.length;
  const states = `${count('kept')} kept, ${count('broken')} broken by ${counted(seen.length, 'cause')}, ${count('could not tell')} could not tell, ${count('not applicable')} not applicable`;
  return more === 0 ? states : `${states}; ${more} more in the source alone`;
}
