import picocolors from 'picocolors';
import { leftText, Pace } from './pace.ts';

/** A line is at most so wide, whatever the terminal is. */
const WIDTH = 60;
const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 100;
/** Without a terminal: a line for each so many percent, or after so many seconds. */
const STEP = 10;
const SILENCE = 30;

/** A block, as progress needs to know it. */
export interface Step {
  readonly key: string;
  /** In plain words, such as `What a connection costs`. */
  readonly about: string;
  /** Its name in an error. */
  readonly label: string;
  /** Seconds that it takes, and its share of the whole where several run side by side. */
  readonly expected: number;
  readonly cost: number;
}

export type Output = Pick<NodeJS.WriteStream, 'write'> & { readonly isTTY?: boolean };

/** A terminal gets one line that is drawn anew; a file, a pipe or NO_COLOR gets a plain line now and then. */
export class Progress {
  readonly #out: Output;
  readonly #now: () => number;
  readonly #pace: Pace;
  readonly #isLive: boolean;
  readonly #colors: ReturnType<typeof picocolors.createColors>;
  #about = '';
  #frame = 0;
  #timer: NodeJS.Timeout | undefined;
  #linePercent = 0;
  #lineAt: number;

  constructor(
    expectedSeconds: number,
    out: Output = process.stderr,
    { now = () => Date.now() / 1000, env = process.env }: { now?: () => number; env?: NodeJS.ProcessEnv } = {},
  ) {
    this.#out = out;
    this.#now = now;
    this.#pace = new Pace(expectedSeconds, now());
    this.#lineAt = now();
    this.#isLive = out.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
    this.#colors = picocolors.createColors(this.#isLive);
  }

  started({ key, about, expected, cost }: Step): void {
    this.#pace.start(key, { expected, cost }, this.#now());
    this.#about = about;
    if (!this.#isLive) return;
    this.#draw();
    this.#timer ??= setInterval(() => this.#draw(), FRAME_MS).unref();
  }

  finished({ key, about, label }: Step, failure?: string): void {
    const now = this.#now();
    this.#pace.finish(key, now);
    if (failure !== undefined) this.#line(`${this.#colors.red('failed')}: ${label}: ${failure}`);
    if (this.#isLive) return this.#draw();
    const percent = this.#pace.percent(now);
    if (percent < this.#linePercent + STEP && now < this.#lineAt + SILENCE) return;
    [this.#linePercent, this.#lineAt] = [percent, now];
    this.#line(this.#text(about, now));
  }

  /** Says that a block is run once more, and why. */
  again({ label }: Step, why: string): void {
    this.#line(`${this.#colors.yellow('run again')}: ${label}: ${why}`);
  }

  end(): void {
    clearInterval(this.#timer);
    if (this.#isLive) this.#out.write('\r\u001B[K');
  }

  #line(text: string): void {
    this.#out.write(`${this.#isLive ? '\r\u001B[K' : ''}${text}\n`);
  }

  #draw(): void {
    this.#frame = (this.#frame + 1) % FRAMES.length;
    const text = this.#text(this.#about, this.#now(), WIDTH - 2);
    const [, percent = '', rest = ''] = /^( *\d+%)(.*)$/.exec(text) ?? [];
    const { cyan, bold } = this.#colors;
    this.#out.write(`\r\u001B[K${cyan(FRAMES[this.#frame])} ${bold(percent)}${rest}`);
  }

  /** ` 43%, about 4 min left: What a connection costs`. */
  #text(about: string, now: number, width = WIDTH): string {
    const text = `${String(this.#pace.percent(now)).padStart(3)}%, ${leftText(this.#pace.left(now))}: ${about}`;
    return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
  }
}
