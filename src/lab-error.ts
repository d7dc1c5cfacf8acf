/** An error that a person can act on: its message names the flag or the value, and the next step. */
export class LabError extends Error {
  override readonly name: string = "LabError";
  /** The kind of error, for the exit code: see {@link exitCodes}. */
  readonly code: "usage" | "unavailable" | "internal" | "io";

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
  /** Some output is lost: to stdout, to an export, or to the run's folder. */
  io: 74,
  thresholdMissed: 99,
  interrupted: 130,
} as const;

/** Exit codes from the least to the most important. */
const gravity: readonly number[] = [
  exitCodes.fine,
  exitCodes.thresholdMissed,
  exitCodes.unknownVerdict,
  exitCodes.usage,
  exitCodes.unavailable,
  exitCodes.io,
  exitCodes.internal,
  exitCodes.falseVerdict,
  exitCodes.interrupted,
];

/** The exit code that counts, if a program has several. */
export function gravest(...codes: readonly number[]): number {
  return gravity[Math.max(...codes.map((code) => gravity.indexOf(code)))] ?? exitCodes.internal;
}
