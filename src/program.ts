/** What this program does at the moment, for whoever interrupts it, and for an error that nobody caught. */
import type { LabError } from "./lab-error.ts";
import type { Live } from "./terminal/live.ts";
import { silent } from "./terminal/silent.ts";

interface Program {
  readonly interruption: AbortController;
  surprise: unknown;
  /** What would be left on the user's ensemble if the program ended now. */
  left: LabError | undefined;
  live: Live;
}

export const program: Program = {
  interruption: new AbortController(),
  surprise: undefined,
  left: undefined,
  live: silent,
};
