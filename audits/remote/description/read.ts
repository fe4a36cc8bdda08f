import { readFileSync } from 'node:fs';
import { checkUrl, TargetError } from '../target.ts';
import { type Description, type DescriptionInput, description as schema } from './schema.ts';

/** Reads `ws-audit.json`. @throws TargetError that names the first field that is wrong */
export function readDescription(file: string): DescriptionInput {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new TargetError(`Cannot read ${file}: ${code}; write one with: init --url URL`);
  }
  try {
    return JSON.parse(text) as DescriptionInput;
  } catch (error) {
    throw new TargetError(`${file} is not JSON: ${(error as Error).message}`);
  }
}

/** @param owned whether a server of another machine may be audited. @throws TargetError that names the first field that is wrong */
export function checkedDescription(given: unknown, owned: boolean, from = 'The description'): Description {
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const field = issue?.path.map(String).join('.') || 'the file';
    throw new TargetError(`${from}: ${field}: ${issue?.message}`);
  }
  const { data } = parsed;
  const url = checkUrl(data.url.replace(/^ws/, 'http'), owned);
  for (const [name, request] of requestsOf(data))
    checkUrl(new URL(request.url.replaceAll(/[{}$]/g, ''), url).href, owned, name);
  if (data.platform === 'ws' && data.namespace !== '/')
    throw new TargetError(`${from}: remove namespace: the ws platform has none, only a path`);
  if (data.platform === 'ws' && data.transports?.includes('polling'))
    throw new TargetError(`${from}: remove polling from transports: the ws platform has none`);
  const isInAuth = [data.credential.at].flat().some((place) => place.startsWith('auth.'));
  if (data.platform === 'ws' && isInAuth && data.credential.valid !== undefined)
    throw new TargetError(
      `${from}: credential.at: the ws platform has no auth; put the credential into a header, a cookie, the query or a message`,
    );
  return { ...data, url };
}

/** Every request that a description has, by the name of its field. */
const requestsOf = ({ actions, credential }: Description): [name: string, request: { readonly url: string }][] => [
  ...Object.entries(actions).flatMap(([name, request]): [string, { readonly url: string }][] =>
    request === undefined ? [] : [[`actions.${name}`, request]],
  ),
  ...Object.entries(credential).flatMap(([name, source]): [string, { readonly url: string }][] =>
    typeof source === 'object' && 'signIn' in source ? [[`credential.${name}`, source.signIn]] : [],
  ),
];
