// A client that can set the headers of the upgrade and not the `auth` payload, as phone apps often do. It sends Socket.IO's
// frames by hand. The server needs `extractToken: [fromAuth(), fromHeader()]`, unless its strategy is session.
// SERVER_URL=http://127.0.0.1:3000 SERVER_USER=ann SERVER_PASSWORD=secret node header-only.mjs
import { WebSocket } from 'ws';

const { SERVER_URL: url, SERVER_USER: username, SERVER_PASSWORD: password } = process.env;
const NAMESPACE = '/chat';

/** One WebSocket with one namespace on it. */
class Connection {
  #socket;
  #acks = 0;
  #frames = [];
  #waiting = new Set();

  constructor({ accessToken, cookie }) {
    const headers = cookie ? { cookie } : { authorization: `Bearer ${accessToken}` };
    this.#socket = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`, { headers });
    this.#socket.addEventListener('message', ({ data }) => this.#take(data));
    this.#socket.on('close', () => this.#take('closed'));
    this.#socket.on('error', (error) => this.#take(`closed: ${error.message}`));
  }

  /** Asks for the namespace. Resolves with undefined, or with the notice of the refusal. */
  async open() {
    await this.frame(/^0/);
    this.#socket.send(`40${NAMESPACE},`);
    const answer = await this.frame(/^4[04]/);
    return answer.startsWith('44') ? payloadOf(answer).data : undefined;
  }

  /** Sends an event and resolves with its ack. */
  async request(event, data) {
    const id = this.#acks++;
    this.#socket.send(`42${NAMESPACE},${id}${JSON.stringify([event, data])}`);
    const [answer] = payloadOf(await this.frame(new RegExp(`^43${NAMESPACE},${id}\\[`)));
    return answer;
  }

  /** Resolves with the name and the data of the next event that is one of these. */
  async next(...events) {
    return payloadOf(await this.frame(new RegExp(`^42${NAMESPACE},\\["(?:${events.join('|')})"`)));
  }

  /** Resolves with the next frame of this pattern, which may have arrived already. Each frame is given once. */
  frame(pattern) {
    return new Promise((resolve, reject) => {
      this.#waiting.add({ pattern, resolve, reject });
      this.#deliver();
    });
  }

  close() {
    this.#socket.close();
  }

  #take(frame) {
    // A ping is answered by a pong.
    if (frame === '2') return this.#socket.send('3');
    // An issued credential is acknowledged and not kept: a WS token travels in `auth` alone.
    const [, issued] = /^42[^,]*,(\d+)\["auth:credential"/.exec(frame) ?? [];
    if (issued !== undefined) return this.#socket.send(`43${NAMESPACE},${issued}[]`);
    this.#frames.push(frame);
    this.#deliver();
  }

  #deliver() {
    for (const waiting of this.#waiting) {
      const index = this.#frames.findIndex((frame) => waiting.pattern.test(frame));
      const closed = this.#frames.find((frame) => frame.startsWith('closed'));
      if (index < 0 && closed === undefined) continue;
      this.#waiting.delete(waiting);
      if (index < 0) waiting.reject(new Error(`the transport was ${closed}`));
      else waiting.resolve(this.#frames.splice(index, 1)[0]);
    }
  }
}

/** The JSON behind the type, the namespace and the number of a packet. */
const payloadOf = (frame) => JSON.parse(frame.replace(/^\d+(?:\/[^,]*,)?\d*/, ''));

const open = [];

try {
  await run();
} catch (error) {
  console.log(`FAILED: ${error.message}`);
  process.exitCode = 1;
} finally {
  for (const connection of open) connection.close();
}

async function run() {
  let credential = await signIn();
  console.log('signed in');
  let connection = await connect(credential);
  await say(connection, 'hello');

  expectCode((await connection.request('sendMessage', { text: 7 })).refused, 'bad-message');
  console.log('a message of a wrong shape was refused');

  console.log('waiting for the credential to end');
  const [event] = await connection.next('auth:renew', 'auth:cut');
  if (event === 'auth:renew') {
    const answer = await connection.request('auth:renew', { refreshToken: credential.refreshToken });
    if (answer.refused) throw new Error(`the renewal was refused: ${answer.refused.code}`);
    credential = answer.credential;
  } else {
    credential = credential.cookie ? await signIn() : await post('refresh', { refreshToken: credential.refreshToken });
    connection = await connect(credential);
  }
  await say(connection, `renewed after ${event}`);

  console.log('waiting for the cut');
  const [, notice] = await connection.next('auth:cut');
  expectCode(notice, 'expired');
  expectCode(await refusalOf(credential), 'expired', 'unauthenticated');
  console.log('the expired credential was refused');

  expectCode(
    await refusalOf({ ...credential, accessToken: 'forged', cookie: credential.cookie && 'sid=forged' }),
    'unauthenticated',
  );
  console.log('a forged credential was refused');

  credential = await signIn();
  connection = await connect(credential);
  await post('logout', { refreshToken: credential.refreshToken }, credential.cookie);
  expectCode((await connection.next('auth:cut'))[1], 'revoked');
  console.log('the sign-out ended the connection');
}

/** POSTs JSON to an endpoint. Its answer is a credential or empty; a refusal is a notice. */
async function post(endpoint, body, cookie) {
  const response = await fetch(`${url}/auth/${endpoint}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(cookie && { cookie }) },
    body: JSON.stringify(body),
  });
  const answer = response.status === 204 ? {} : await response.json();
  if (!response.ok) throw new Error(`POST /auth/${endpoint} was refused: ${answer.code}`);
  const cookies = response.headers.getSetCookie().map((header) => header.split(';')[0]);
  return cookies.length > 0 ? { ...answer, cookie: cookies.join('; ') } : answer;
}

/** Tokens, or with the strategy `session` a cookie. */
function signIn() {
  return post('login', { username, password });
}

async function connect(credential) {
  const connection = new Connection(credential);
  open.push(connection);
  const refusal = await connection.open();
  if (refusal) throw new Error(`the connection was refused: ${refusal.code}`);
  return connection;
}

/** The notice with which a credential is refused, or undefined if it is accepted. */
async function refusalOf(credential) {
  const connection = new Connection(credential);
  open.push(connection);
  return connection.open();
}

async function say(connection, text) {
  const answer = await connection.request('sendMessage', { text });
  if (answer.refused) throw new Error(`the message was refused: ${answer.refused.code}`);
  console.log(`said: ${answer.text}`);
}

function expectCode(notice, ...codes) {
  if (!codes.includes(notice?.code))
    throw new Error(`expected ${codes.join(' or ')}; got ${notice?.code ?? 'nothing'}`);
}
