/** A text as it goes over a wire: by itself, in JSON, in a URL, in a form, in XML, and each of these in base64 and hex. */
export function encodingsOf(text: string): string[] {
  const plain = new Set([text, JSON.stringify(text).slice(1, -1), inUrl(text), inForm(text), inXml(text)]);
  return [...plain].flatMap((form) => [form, Buffer.from(form).toString('hex'), ...inBase64(form)]);
}

/** `encodeURIComponent` throws at half a surrogate pair, for which UTF-8 has no bytes either. */
const inUrl = (text: string): string => encodeURIComponent(Buffer.from(text).toString());
const inForm = (text: string): string => new URLSearchParams([['', text]]).toString().slice(1);
const inXml = (text: string): string => text.replace(/[<>&"']/g, (one) => `&#${one.charCodeAt(0)};`);

/** The characters that a text gives alone, wherever among three bytes it begins within what is encoded. */
function inBase64(text: string): string[] {
  const bytes = Buffer.from(text);
  return [0, 1, 2].map((ahead) => {
    const encoded = Buffer.concat([Buffer.alloc(ahead), bytes]).toString('base64');
    return encoded.slice(Math.ceil((ahead * 8) / 6), Math.floor(((ahead + bytes.length) * 8) / 6));
  });
}

/** Decodes base64 or hex. Returns undefined if `text` is neither, or if the result is not readable text. */
export function decodedFrom(text: string): string | undefined {
  const encoding = /^(?:[0-9a-f]{2}){4,}$/i.test(text) ? 'hex' : 'base64';
  if (!/^[\w+/-]{8,}={0,2}$/.test(text)) return undefined;
  const decoded = Buffer.from(text, encoding).toString();
  return /[\p{Cc}\ufffd]/u.test(decoded.replace(/[\t\n\r]/g, '')) ? undefined : decoded;
}
