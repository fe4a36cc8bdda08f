/** A line of what the audit sent: the request, a header, or a frame. */
const SENT = /^> (.*)$/s;
const HEADER = /^([\w-]+): (.*)$/s;

/** The longest frame that is written out, in characters. */
const LONGEST = 400;

/** A client that sends the same frames over a WebSocket. `lines` hold `***` in the place of a credential. */
export function replay(lines: readonly string[], url: string): string {
  const sent = lines.flatMap((line) => SENT.exec(line)?.[1] ?? []);
  const path = /^GET (\S+)/.exec(sent[0] ?? '')?.[1] ?? '/socket.io/?EIO=4&transport=websocket';
  const headers = sent.slice(1).flatMap((line) => (HEADER.test(line) ? [HEADER.exec(line)!.slice(1)] : []));
  const frames = sent.slice(1).filter((line) => !HEADER.test(line));
  const filled = (text: string): string => JSON.stringify(text.slice(0, LONGEST));
  return [
    `import { WebSocket } from 'ws';`,
    `const credential = process.env.WS_CREDENTIAL ?? '';`,
    `const fill = (text) => text.replaceAll('***', credential);`,
    `const frames = [${frames.map(filled).join(', ')}];`,
    `const headers = { ${headers.map(([name, value = '']) => `'${name}': fill(${filled(value)})`).join(', ')} };`,
    `const socket = new WebSocket('${url.replace('http', 'ws')}${path}', { headers });`,
    `socket.on('open', () => frames.forEach((frame, index) => setTimeout(() => socket.send(fill(frame)), 100 * index)));`,
    `socket.on('message', (data) => console.log(String(data)));`,
    `socket.on('close', (code) => console.log('closed', code));`,
  ].join('\n');
}
