import type { ServerResponse } from 'node:http';
import type { Fact } from '../model/facts.ts';
import type { Stage } from '../stage/stage.ts';

/** How often facts are sent, in ms, and pages that may watch. */
const EVERY = 100;
const MOST = 8;
/** A page that is so far behind is left, in bytes; it opens the stream anew. */
const BEHIND = 4_000_000;

/** The facts of the stage, as server-sent events. */
export class Feed {
  readonly #stage: Stage;
  readonly #pages = new Set<ServerResponse>();
  readonly #timer: NodeJS.Timeout;
  readonly #stop: () => void;
  #facts: [lane: number, fact: Fact][] = [];

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#stop = stage.onFact((lane, fact) => {
      if (this.#pages.size > 0) this.#facts.push([lane, fact]);
    });
    this.#timer = setInterval(() => this.#flush(), EVERY);
  }

  get full(): boolean {
    return this.#pages.size >= MOST;
  }

  /** Sends everything that is known, and from then on what happens. */
  open(response: ServerResponse): void {
    this.#flush();
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(eventOf('lanes', { now: this.#stage.now(), states: this.#stage.states }));
    this.#pages.add(response);
    response.once('close', () => this.#pages.delete(response));
  }

  /** Tells that a button was pressed, and in how many lanes that failed. */
  did(action: string, failed: number): void {
    this.#send('did', { action, failed });
  }

  close(): void {
    clearInterval(this.#timer);
    this.#stop();
    for (const page of this.#pages) page.end();
  }

  #flush(): void {
    if (this.#facts.length === 0) return;
    const facts = this.#facts;
    this.#facts = [];
    this.#send('facts', { now: this.#stage.now(), facts });
  }

  #send(event: string, data: unknown): void {
    const text = eventOf(event, data);
    for (const page of this.#pages) {
      if (page.writableLength > BEHIND) page.destroy();
      else page.write(text);
    }
  }
}

const eventOf = (event: string, data: unknown): string => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
