/** One run as the report shows it: its result, and the histories that the result was computed from. */
import type { History } from "../../history/history.ts";
import type { Result } from "../result.ts";

export interface ReportRun {
  /** What the page calls it: the name of its folder, as a rule. */
  readonly name: string;
  readonly result: Result;
  readonly histories: readonly History[];
}
