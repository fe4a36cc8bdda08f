import { once } from 'node:events';
import { createServer, type AddressInfo, connect } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { decoded, Frames } from './frames.ts';
import { Link } from './link.ts';
import { tokenView } from './token-view.ts';

const SECRET = 'x'.repeat(43);
const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

it('a token shows its claims and never its signature', () => {
  const token = `${part({ alg: 'HS256' })}.${part({ sub: 'ann', exp: 1 })}.${SECRET}`;
  const view = tokenView({ auth: { token } });
  expect(view).toEqual({ kind: 'JWT', header: { alg: 'HS256' }, claims: { sub: 'ann', exp: 1 } });
  expect(JSON.stringify(view)).not.toContain(SECRET);
  expect(tokenView({ extraHeaders: { cookie: `sid=${SECRET}` } })).toEqual({ kind: 'opaque value' });
  expect(tokenView({})).toEqual({ kind: 'none' });
});

it('frames are decoded, bounded, and hold no credential', () => {
  const frames = new Frames(() => 7);
  frames.note('you', 'sent', decoded(`0/chat,{"token":"${SECRET}","refreshToken":"short"}`));
  expect(frames.kept).toEqual([
    { at: 7, who: 'you', direction: 'sent', text: 'CONNECT /chat {"token":"<secret>","refreshToken":"<secret>"}' },
  ]);
  for (let index = 0; index < 500; index++) frames.note('you', 'received', 'x y '.repeat(1000));
  expect(frames.kept.length).toBeLessThanOrEqual(80);
  expect(frames.kept.at(-1)!.text.length).toBeLessThanOrEqual(200);
});

it.each([
  ['2/chat,7["sendMessage",{"text":"a"}]', 'EVENT /chat #7 ["sendMessage",{"text":"a"}]'],
  ['3/chat,7[{"id":"b"}]', 'ACK /chat #7 [{"id":"b"}]'],
  ['1/chat,', 'DISCONNECT /chat'],
  ['2["a"]', 'EVENT / ["a"]'],
])('%s is %s', (frame, text) => {
  expect(decoded(frame)).toBe(text);
});

it('a link breaks while it is cut, and leads to another server afterwards', async () => {
  const named = async (name: string): Promise<string> => {
    const server = createServer((socket) => socket.end(name)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const link = await Link.open();
  onTestFinished(() => link.close());
  const read = async (): Promise<string> => {
    const socket = connect(Number(new URL(link.url).port), '127.0.0.1');
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString())).on('error', () => {});
    await once(socket, 'close');
    return text;
  };
  expect(await read()).toBe('');
  link.leadTo(await named('one'));
  expect(await read()).toBe('one');
  const [heal, healOther] = [link.cut(), link.cut()];
  expect(await read()).toBe('');
  heal();
  heal();
  expect(await read()).toBe('');
  healOther();
  link.leadTo(await named('two'));
  expect(await read()).toBe('two');
});
