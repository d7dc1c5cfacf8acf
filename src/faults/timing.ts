/** The times of a trial that a fault depends on. */
export interface Timing {
  readonly sessionTimeoutMs: number;
  /** `null` if the ensemble does not report it. */
  readonly tickTimeMs: number | null;
}
