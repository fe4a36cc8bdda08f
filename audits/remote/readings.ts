/** One way to read a text: its characters, and where each of them stands in the text as it was given. */
export interface Reading {
  readonly text: string;
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/** Escapes may be nested: JSON within JSON within a URL is decoded three times. */
const DEEPEST = 4;

const ESCAPES =
  /\\+(?:u([0-9a-f]{4})|x([0-9a-f]{2})|([bfnrt]))?|((?:%[0-9a-f]{2})+)|&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos));/gi;
/** Units that another letter case, alphabet of base64 or encoding of a space would write in another way. */
const FOLDS = /[\u0080-\u{10ffff}]|[A-Z /+]/gu;
const CONTROLS: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/**
 * What a text says as it is, and with the escapes of JSON, URLs and XML taken off, as often as there are any. Letter
 * case, the two alphabets of base64, and a form's `+` for a space make no difference in any reading.
 */
export function readingsOf(text: string): Reading[] {
  const places = Array.from({ length: text.length }, (_, index) => index);
  let last: Reading = { text, from: places, to: places.map((place) => place + 1) };
  const readings = [replaced(last, FOLDS, fold)];
  while (readings.length <= DEEPEST) {
    const next = replaced(last, ESCAPES, decode);
    if (next.text === last.text) break;
    readings.push(replaced(next, FOLDS, fold));
    last = next;
  }
  return readings;
}

/** The same reading with every match read as what `read` makes of it; all of that stands where the match does. */
function replaced({ text, from, to }: Reading, pattern: RegExp, read: (match: RegExpExecArray) => string): Reading {
  const parts: string[] = [];
  const [starts, ends]: [number[], number[]] = [[], []];
  let done = 0;
  const copy = (until: number): void => {
    parts.push(text.slice(done, until));
    for (; done < until; done++) {
      starts.push(from[done]!);
      ends.push(to[done]!);
    }
  };
  for (const match of text.matchAll(pattern)) {
    copy(match.index);
    done += match[0].length;
    const decoded = read(match);
    parts.push(decoded);
    for (let unit = 0; unit < decoded.length; unit++) {
      starts.push(from[match.index]!);
      ends.push(to[done - 1]!);
    }
  }
  copy(text.length);
  return { text: parts.join(''), from: starts, to: ends };
}

/** The characters that one match of `ESCAPES` stands for; a lone backslash stands for none. */
function decode([whole, unit, byte, control, url, decimal, hex, entity]: RegExpExecArray): string {
  if (unit !== undefined || byte !== undefined) return String.fromCharCode(Number.parseInt(unit ?? byte!, 16));
  if (control !== undefined) return CONTROLS[control.toLowerCase()]!;
  if (url !== undefined) return Buffer.from(url.replaceAll('%', ''), 'hex').toString();
  if (entity !== undefined) return ENTITIES[entity.toLowerCase()]!;
  if (decimal === undefined && hex === undefined) return '';
  const point = decimal === undefined ? Number.parseInt(hex!, 16) : Number(decimal);
  return point > 0x10_ff_ff ? whole : String.fromCodePoint(point);
}

function fold([one]: RegExpExecArray): string {
  if (one === ' ' || one === '+') return '-';
  return one === '/' ? '_' : one.toUpperCase().toLowerCase();
}
