/** One run for the report: its result, and the histories that the result was computed from. */

import type { Result } from "../export/result.ts";
import type { History } from "../history/history.ts";

export interface ReportRun {
  /** The page's name for it: usually that of its folder. */
  readonly name: string;
  readonly result: Result;
  readonly histories: readonly History[];
}
