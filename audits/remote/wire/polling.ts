import { type Address, type Channel, ChannelRefused, type Listener } from './channel.ts';
import { http, type HttpRequest, Unreachable } from './request.ts';

/** Engine.IO's separator of packets in one body. */
const SEPARATOR = '\u001E';
/** A poll stays open until there is something to say: so much longer than a server's ping interval, in ms. */
const LONGEST_POLL = 60_000;

/** Opens an Engine.IO session over HTTP long polling. */
export async function openPolling({ url, headers, tls }: Address, listener: Listener): Promise<Channel> {
  const ended = new AbortController();
  const ask = (address: string, options: HttpRequest = {}) =>
    http(address, { headers, ...(tls && { tls }), signal: ended.signal, ...options });
  const answer = await ask(url);
  if (answer.status !== 200) throw new ChannelRefused(`the first poll was answered by HTTP ${answer.status}`);
  const sid = /^0.*"sid":"([^"]+)"/.exec(answer.body)?.[1];
  if (sid === undefined) throw new ChannelRefused('the first poll was not answered by a session id');
  const session = `${url}&sid=${encodeURIComponent(sid)}`;

  const close = (code: number, reason: string, abrupt: boolean): void => {
    if (ended.signal.aborted) return;
    ended.abort();
    listener.onClosed({ code, reason, abrupt });
  };
  // Posts follow each other: two at once could arrive in the wrong order.
  let posted: Promise<void> = Promise.resolve();
  const post = (frame: string): void => {
    const send = async (): Promise<void> => {
      if (ended.signal.aborted) return;
      await ask(session, { method: 'POST', body: frame, headers: { ...headers, 'content-type': 'text/plain' } }).catch(
        () => {},
      );
    };
    posted = posted.then(send);
  };
  const take = (body: string): void => {
    for (const frame of body.split(SEPARATOR)) {
      if (frame === '2') post('3');
      else if (frame === '1') close(1000, 'the server closed the session', false);
      else if (frame !== '') listener.onFrame(frame);
    }
  };
  const poll = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      try {
        const { status, body } = await ask(session, { timeout: LONGEST_POLL });
        if (status === 200) take(body);
        else close(status, `a poll was answered by HTTP ${status}`, false);
      } catch (error) {
        close(1006, error instanceof Unreachable ? error.message : String(error), true);
      }
    }
  };
  setImmediate(() => {
    take(answer.body);
    void poll();
  });
  return {
    send: post,
    close: () => {
      post('1');
      void posted.then(() => close(1000, 'closed by the audit', false));
    },
  };
}
