/** One checker's verdict, even on a broken history. */
import type { Checker, Verdict } from "../checkers/checker.ts";
import type { History } from "../history/history.ts";
import { tell, toldOf } from "../history/told.ts";

export function check(checker: Checker, history: History): Verdict {
  return tell(toldOf(history), checker.begin(history.header)).verdict(history);
}
