import { connectFrame, eventFrame, RawTransport, UpgradeRefused } from '../../harness/raw-transport.ts';
import type { Presented } from '../../harness/scenario.ts';
import { wireLine } from '../../harness/wire-log.ts';
import { type Target, TargetError } from './target.ts';

/** What became of an event that asked for an answer. */
export type Reaction = 'handled' | 'refused' | 'no answer';

const REFUSAL = /"(?:refused|exception|error|status":"error)/i;

/** How the audits speak to a server that is not theirs. */
export class Probe {
  readonly target: Target;
  /** What went over the wire, without credentials. */
  readonly wire: string[] = [];
  readonly #opened: RawTransport[] = [];
  #ack = 0;

  constructor(target: Target) {
    this.target = target;
  }

  /** What the server admits: a fresh one where there is a hook for it. */
  async credential(): Promise<Presented> {
    const { hooks, credential } = this.target;
    return (await hooks.signIn?.()) ?? credential ?? {};
  }

  async unwelcome(): Promise<Presented | undefined> {
    const { hooks, unwelcome } = this.target;
    return (await hooks.signInUnwelcome?.()) ?? unwelcome;
  }

  /** @throws TargetError where no Socket.IO server answers */
  async check(): Promise<void> {
    const { url } = this.target;
    let answer: { readonly status: number; readonly body: string };
    try {
      const response = await fetch(`${url}/socket.io/?EIO=4&transport=polling`, {
        // Nobody is led elsewhere: what answers here is what is audited.
        redirect: 'manual',
        signal: AbortSignal.timeout(5000),
      });
      answer = { status: response.status, body: await response.text() };
    } catch (error) {
      const { name, cause } = error as Error;
      const why =
        name === 'TimeoutError' ? 'it did not answer within 5 s' : ((cause as Error | undefined)?.message ?? name);
      throw new TargetError(`Cannot reach ${url}: ${why}`);
    }
    // One that wants a credential for the request itself says no more than that.
    if (!/"sid"|"code":\d/.test(answer.body) && answer.status !== 401 && answer.status !== 403)
      throw new TargetError(`${url} answers, but no Socket.IO server does at /socket.io/`);
  }

  /** Undefined where the server answers the upgrade by an HTTP error. */
  async open(
    { extraHeaders = {} }: Presented = {},
    headers: Record<string, string> = {},
  ): Promise<RawTransport | undefined> {
    const number = this.#opened.length + 1;
    const transport = await RawTransport.open(this.target.url, { ...extraHeaders, ...headers }, (direction, frame) =>
      this.wire.push(wireLine(number, `${direction} ${frame}`)),
    ).catch((error: unknown) => {
      if (error instanceof UpgradeRefused) return undefined;
      throw error;
    });
    if (transport !== undefined) this.#opened.push(transport);
    return transport;
  }

  /** A transport that asked for the namespace: `admitted` whether it got it. None where it was not even opened. */
  async connect(
    presented: Presented = {},
    { namespace = this.target.namespace, headers = {} } = {},
  ): Promise<{ readonly transport?: RawTransport; readonly admitted: boolean }> {
    const transport = await this.open(presented, headers);
    if (transport === undefined) return { admitted: false };
    return { transport, admitted: await this.join(transport, presented, namespace) };
  }

  /** Asks for the namespace, and whether that was granted. */
  async join(transport: RawTransport, presented: Presented, namespace = this.target.namespace): Promise<boolean> {
    transport.send(connectFrame(namespace, presented.auth));
    const answer = await transport.frame(answerTo(namespace));
    return answer?.startsWith('40') ?? false;
  }

  /** Sends the event, and waits for its ack. */
  async act(transport: RawTransport | undefined): Promise<Reaction> {
    if (transport === undefined) return 'refused';
    const { namespace, event, payload } = this.target;
    const ack = String((this.#ack += 1));
    transport.send(eventFrame(namespace, event, payload, ack));
    const answer = await transport.frame(
      new RegExp(`^43${prefix(namespace)}${ack}\\[|^42${prefix(namespace)}\\["exception"`),
    );
    if (answer === undefined) return 'no answer';
    // Whoever fails inside was reached: that is Nest's answer to an error that no guard has thrown.
    if (answer.includes('"Internal server error"')) return 'handled';
    return answer.startsWith('42') || REFUSAL.test(answer) ? 'refused' : 'handled';
  }

  /** Whether a fresh transport is served at all. */
  async lives(): Promise<boolean> {
    try {
      const { admitted, transport } = await this.connect(this.target.credential);
      // Whoever refuses is alive.
      return admitted || transport === undefined || transport.frames.some((frame) => frame.startsWith('44'));
    } catch {
      return false;
    }
  }

  dispose(): void {
    for (const transport of this.#opened) transport.close();
  }
}

/** Socket.IO leaves the name of `/` out. */
const prefix = (namespace: string): string => (namespace === '/' ? '' : `${escaped(namespace)},`);
const escaped = (text: string): string => text.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&');
const answerTo = (namespace: string): RegExp => new RegExp(`^4[04]${prefix(namespace)}\\{`);
