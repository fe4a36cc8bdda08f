/** The meaning of each finding and its fix. The pages of `audits/findings/` are written from this. */
export interface FindingText {
  readonly title: string;
  /** The attack that it allows. */
  readonly attacker: string;
  /** How to fix it in Nest. */
  readonly mend: string;
  /** Code that fixes it. */
  readonly code?: string;
  readonly help: string;
  readonly source: string;
}
