/** An error that a person can act on: its message names the flag or the value, and the next step. */
export class LabError extends Error {
  override readonly name: string = "LabError";
  /** What went wrong, as an exit code tells it: see {@link exitCodes}. */
  readonly code: "usage" | "unavailable" | "internal";

  constructor(code: LabError["code"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The exit codes that other programs rely on. */
export const exitCodes = {
  fine: 0,
  falseVerdict: 1,
  unknownVerdict: 2,
  usage: 64,
  unavailable: 69,
  internal: 70,
  thresholdMissed: 99,
  interrupted: 130,
} as const;
