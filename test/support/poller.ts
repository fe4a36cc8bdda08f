/** One transport of long polling, spoken to in Engine.IO's own packets. */
export class Poller {
  readonly url: string;

  private constructor(url: string) {
    this.url = url;
  }

  /** Opens a transport of the server at `url`. */
  static async open(url: string, headers: Record<string, string> = {}): Promise<Poller> {
    const polling = `${url}/socket.io/?EIO=4&transport=polling`;
    const answer = await fetch(polling, { headers });
    if (!answer.ok) throw new Error(`The handshake was answered by HTTP ${answer.status}`);
    const { sid } = JSON.parse((await answer.text()).slice(1)) as { sid: string };
    return new Poller(`${polling}&sid=${sid}`);
  }

  /** Asks for packets, and answers the status and the packets. */
  async get(headers: Record<string, string> = {}): Promise<[status: number, ...packets: string[]]> {
    const answer = await fetch(this.url, { headers });
    return [answer.status, ...(await answer.text()).split('\u001E')];
  }

  /** Sends packets in one request, and answers the status and the body. */
  async post(
    packets: readonly string[],
    headers: Record<string, string> = {},
  ): Promise<[status: number, body: string]> {
    const given = { 'content-type': 'text/plain;charset=UTF-8', ...headers };
    const answer = await fetch(this.url, { method: 'POST', headers: given, body: packets.join('\u001E') });
    return [answer.status, await answer.text()];
  }

  /** Joins `/chat`, and returns the answer to the CONNECT. */
  async join(auth: object = {}): Promise<string | undefined> {
    await this.post([`40/chat,${JSON.stringify(auth)}`]);
    const [, answer] = await this.get();
    return answer;
  }

  /** The URL of a WebSocket that takes the place of the polling. */
  get webSocketUrl(): string {
    return this.url.replace('http', 'ws').replace('transport=polling', 'transport=websocket');
  }
}
