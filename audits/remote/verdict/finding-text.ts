/** The meaning of each finding and its fix. The pages of `audits/findings/` are written from this. */
export interface FindingText {
  readonly title: string;
  /** The attack that it allows. */
  readonly attacker: string;
  /** The place in Nest where it is mended. */
  readonly mend: string;
  /** Code that mends it. */
  readonly code?: string;
  readonly help: string;
  readonly source: string;
}
