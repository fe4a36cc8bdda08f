// The state of the page in the hash of its address: `#anchor&variant=hardened&sort=costs:2:descending`.
// A file may only change its hash, so the state cannot stand in the query.

/** The anchor is the first key without a value. All other keys are the state. */
export function readAddress() {
  const params = new URLSearchParams(location.hash.slice(1));
  const [first] = params.keys();
  const anchor = first !== undefined && params.get(first) === '' ? first : '';
  if (anchor !== '') params.delete(anchor);
  return { anchor, params };
}

/** Changes keys of the state, and the anchor where one is given; an empty value removes its key. */
export function writeAddress(changes, anchor) {
  const now = readAddress();
  for (const [key, value] of Object.entries(changes)) {
    if (value === '') now.params.delete(key);
    else now.params.set(key, value);
  }
  const parts = [anchor ?? now.anchor, now.params.toString().replaceAll('%3A', ':')];
  history.replaceState(null, '', `#${parts.filter((part) => part !== '').join('&')}`);
}
