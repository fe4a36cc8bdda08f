import { Secrets } from '../secrets.ts';
import type { Description } from './schema.ts';

/** Every secret of a run is learned by this; what a description says itself is none. */
export function secretsOf(description: Description): Secrets {
  const { url, namespace, path, platform, origin, event, before, receives, credential, frames, refusal } = description;
  const { host, hostname } = new URL(url);
  const said = [...before, ...(event ? [event] : []), ...(credential.message ? [credential.message] : [])];
  const named = [
    [url, host, hostname, namespace, namespace.slice(1), path, platform, origin, frames.event, frames.data],
    said.flatMap(({ event: name, arguments: args }) => [name, ...textsOf(args)]),
    [event?.answer].flatMap(textsOf),
    textsOf(refusal),
    receives ?? [],
    [credential.at].flat().map((place) => place.slice(place.indexOf('.') + 1)),
  ];
  return new Secrets(named.flat().filter((text): text is string => typeof text === 'string'));
}

/** Every text in a value, at any depth. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}
