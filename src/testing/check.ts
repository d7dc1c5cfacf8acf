/** One checker's verdict, even on a broken history. */
import type { Checker, Verdict } from "../checkers/checker.ts";
import { explain } from "../history/explained-windows.ts";
import type { History } from "../history/history.ts";
import { chronicleOf } from "../history/told.ts";

export function check(checker: Checker, history: History): Verdict {
  return explain(chronicleOf(history), checker.begin(history.header)).verdict(history);
}
