/** The record under an id, until its cookie expires. Any store of express-session keeps such records. */
export interface SessionRecord {
  readonly cookie: { readonly originalMaxAge: number | null; readonly expires?: Date | null | undefined };
}

export type Done<T = void> = (error: unknown, stored?: T) => void;

/** The store of sessions. Any store of express-session can be passed. */
export interface SessionStore {
  get(id: string, done: Done<SessionRecord | null>): void;
  set(id: string, record: SessionRecord, done?: Done): void;
  destroy(id: string, done?: Done): void;
  /** Moves the end of a session, and nothing else of it. */
  touch?(id: string, record: SessionRecord, done?: Done): void;
}
