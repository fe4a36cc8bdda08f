export interface ExpirySettings {
  /** Of every credential, in seconds. */
  readonly lifetime: number;
  /** How many lifetimes an honest client goes through. */
  readonly lifetimes: number;
  readonly probes: number;
  readonly repetitions: number;
}
