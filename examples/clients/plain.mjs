// A plain socket.io-client that does what PROTOCOL.md asks of a client. It works with every strategy.
// SERVER_URL=http://127.0.0.1:3000 SERVER_USER=ann SERVER_PASSWORD=secret node plain.mjs
import { io } from 'socket.io-client';

const { SERVER_URL: url, SERVER_USER: username, SERVER_PASSWORD: password } = process.env;
const open = new Set();

try {
  await run();
} catch (error) {
  console.log(`FAILED: ${error.message}`);
  process.exitCode = 1;
} finally {
  for (const socket of open) socket.close();
}

async function run() {
  let credential = await signIn();
  console.log('signed in');
  let socket = await connect(credential);
  await say(socket, 'hello');

  const refused = await socket.timeout(10_000).emitWithAck('sendMessage', { text: 7 });
  expectCode(refused.refused, 'bad-message');
  console.log('a message of a wrong shape was refused');

  if (credential.wsToken !== undefined) {
    socket.close();
    socket = await connect(credential);
    await say(socket, 'hello again, by the WS token');
  }

  console.log('waiting for the credential to end');
  const [event] = await Promise.race([next(socket, 'auth:renew'), next(socket, 'auth:cut')]);
  if (event === 'auth:renew') {
    const request = { refreshToken: credential.refreshToken };
    const answer = await socket.timeout(10_000).emitWithAck('auth:renew', request);
    if (answer.refused) throw new Error(`the renewal was refused: ${answer.refused.code}`);
    Object.assign(credential, answer.credential);
  } else {
    credential = credential.cookie ? await signIn() : await post('refresh', { refreshToken: credential.refreshToken });
    socket = await connect(credential);
  }
  await say(socket, `renewed after ${event}`);

  console.log('waiting for the cut');
  const [, notice] = await next(socket, 'auth:cut');
  expectCode(notice, 'expired');
  await expectRefusal(connect(credential), 'expired', 'unauthenticated');
  console.log('the expired credential was refused');

  await expectRefusal(connect({ accessToken: 'forged', cookie: 'sid=forged' }), 'unauthenticated');
  console.log('a forged credential was refused');

  credential = await signIn();
  socket = await connect(credential);
  const cut = next(socket, 'auth:cut');
  const { refreshToken, wsToken } = credential;
  await post('logout', { refreshToken, wsToken }, credential.cookie);
  expectCode((await cut)[1], 'revoked');
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

/** Resolves with the open socket. Rejects with the notice of the refusal. */
function connect(credential) {
  const { accessToken: token, wsToken, cookie } = credential;
  const socket = io(`${url}/chat`, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    auth: wsToken ? { wsToken } : { token },
    extraHeaders: cookie ? { cookie } : {},
  });
  open.add(socket);
  // Only long-lived-token sends it. Without the ack, the server ends the connection.
  socket.on('auth:credential', (issued, ack) => {
    credential.wsToken = issued.wsToken;
    ack();
  });
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(socket));
    // `data` is absent if the server was not reached.
    socket.once('connect_error', ({ data, message }) => reject(data ?? new Error(message)));
  });
}

/** Resolves with the name and the data of the next such event. */
function next(socket, event) {
  return new Promise((resolve) => socket.once(event, (data) => resolve([event, data])));
}

async function say(socket, text) {
  const answer = await socket.timeout(10_000).emitWithAck('sendMessage', { text });
  if (answer.refused) throw new Error(`the message was refused: ${answer.refused.code}`);
  console.log(`said: ${answer.text}`);
}

function expectCode(notice, ...codes) {
  if (!codes.includes(notice?.code))
    throw new Error(`expected ${codes.join(' or ')}; got ${notice?.code ?? 'nothing'}`);
}

async function expectRefusal(connecting, ...codes) {
  expectCode(
    await connecting.then(
      () => undefined,
      (refusal) => refusal,
    ),
    ...codes,
  );
}
