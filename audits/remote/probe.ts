import { isDeepStrictEqual } from 'node:util';
import { connectFrame, eventFrame, RawTransport, UpgradeRefused } from '../../harness/app/raw-transport.ts';
import type { Presented } from '../../harness/app/scenario.ts';
import { wireLine } from '../../harness/app/wire-log.ts';
import { forge, withCredential } from '../../harness/probes/forgery.ts';
import { Secrets } from './secrets.ts';
import { isSocketIo, type Target, TargetError } from './target.ts';

/** What became of an event that asked for an answer. */
export type Reaction = 'handled' | 'refused' | 'no answer';

const REFUSAL = /"(?:refused|exception|error|status":"error)/i;

/** A transport that asked for a namespace, and whether it got it. There is no transport if the upgrade was refused. */
export interface Connected {
  readonly transport?: RawTransport;
  readonly admitted: boolean;
}

/** Frames that are kept as evidence, and what is kept of each, in characters. */
const MOST = 20;
const LONGEST = 1600;
/** Characters that are kept unread for a while. */
const MOST_UNREAD = 4_000_000;
/** What a piece of a secret takes at most once it is escaped: so much of a frame's cut end might be one. */
const LOOSE_END = 64;

/** How the audits speak to a server that is not theirs. */
export class Probe {
  readonly target: Target;
  readonly #secrets: Secrets;
  /** The last frames as they went over the wire, credentials and all. */
  readonly #frames: { readonly transport: number; readonly direction: '>' | '<'; readonly frame: string }[] = [];
  /** What the server has said, and nobody has looked through for credentials that it hands out; in characters, too. */
  readonly #heard: string[] = [];
  #unread = 0;
  readonly #opened: RawTransport[] = [];
  #ack = 0;

  constructor(target: Target, secrets = Secrets.of(target)) {
    this.target = target;
    this.#secrets = secrets;
  }

  #overhear(): void {
    for (const frame of this.#heard.splice(0)) this.#secrets.overhear(frame);
    this.#unread = 0;
  }

  /** The last frames that went over the wire, without credentials: those that came later are known by now too. */
  evidence(): string[] {
    this.#overhear();
    return this.#frames.map(({ transport, direction, frame }) => {
      const clean = this.#secrets.redact(frame.slice(0, LONGEST));
      const whole = frame.length <= LONGEST ? clean : clean.slice(0, -LOOSE_END);
      return wireLine(transport, `${direction} ${whole}`);
    });
  }

  /** What the server admits: a fresh one where there is a hook for it. */
  async credential(): Promise<Presented> {
    const { hooks, credential } = this.target;
    return this.#learnt((await hooks.signIn?.()) ?? credential ?? {});
  }

  /** The same, with a signature that nobody made, or another character where nothing is signed; undefined where it has none. */
  async forged(): Promise<Presented | undefined> {
    const credential = await this.credential();
    const forged = withCredential(credential, altered);
    return isDeepStrictEqual(forged, credential) ? undefined : this.#learnt(forged);
  }

  async unwelcome(): Promise<Presented | undefined> {
    const { hooks, unwelcome } = this.target;
    return this.#learnt((await hooks.signInUnwelcome?.()) ?? unwelcome);
  }

  #learnt<T>(credential: T): T {
    this.#secrets.learn(credential);
    return credential;
  }

  /** Looks into no frame yet: some audits have to answer within milliseconds. */
  #note(transport: number, direction: '>' | '<', frame: string): void {
    if (direction === '<') this.#heard.push(frame);
    this.#unread += frame.length;
    if (this.#unread > MOST_UNREAD) this.#overhear();
    if (this.#frames.push({ transport, direction, frame }) > MOST) this.#frames.shift();
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
    if (!isSocketIo(answer)) throw new TargetError(`${url} answers, but no Socket.IO server does at /socket.io/`);
  }

  /** Undefined where the server answers the upgrade by an HTTP error. */
  async open(
    { extraHeaders = {} }: Presented = {},
    headers: Record<string, string> = {},
  ): Promise<RawTransport | undefined> {
    const number = this.#opened.length + 1;
    const transport = await RawTransport.open(this.target.url, { ...extraHeaders, ...headers }, (direction, frame) =>
      this.#note(number, direction, frame),
    ).catch((error: unknown) => {
      if (error instanceof UpgradeRefused) return undefined;
      throw error;
    });
    if (transport !== undefined) this.#opened.push(transport);
    return transport;
  }

  /** Opens a transport and asks for the namespace. */
  async connect(
    presented: Presented = {},
    { namespace = this.target.namespace, headers = {} } = {},
  ): Promise<Connected> {
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
    this.#overhear();
    for (const transport of this.#opened) transport.close();
  }
}

/** An opaque key has no signature: any other one is a forgery. */
function altered(credential: string): string {
  const forged = forge(credential);
  return forged === credential ? credential.replace(/[a-z\d]/i, (one) => (one === 'A' ? 'B' : 'A')) : forged;
}

/** Socket.IO leaves the name of `/` out. */
const prefix = (namespace: string): string => (namespace === '/' ? '' : `${escaped(namespace)},`);
const escaped = (text: string): string => text.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&');
const answerTo = (namespace: string): RegExp => new RegExp(`^4[04]${prefix(namespace)}\\{`);
