/** The line of candidates in one line of text: who leads, who waits, and how many more do. */
import type { TrialPlan } from "../run/trial-plan.ts";
import type { Marks } from "./marks.ts";

/** More names tell nothing more. */
const MOST_SHOWN = 6;

/**
 * As many candidates as fit, and at least one that waits.
 * @param line the leader first
 * @param room in columns
 */
export function lineText(
  line: readonly number[],
  scheme: TrialPlan["scheme"],
  marks: Marks,
  room: number,
): string {
  const [leader, ...waiting] = line.map((candidate) => `c${candidate}`);
  const [first, next] = joints(scheme, marks);
  const shownUpTo = (shown: number) => {
    const names = waiting.length === 0 ? "" : `${first}${waiting.slice(0, shown).join(next)}`;
    const more = shown < waiting.length ? ` ${marks.more}` : "";
    return `${leader} ${marks.leads}${names}${more} (${waiting.length} wait)`;
  };
  let text = shownUpTo(1);
  for (let shown = 2; shown <= Math.min(MOST_SHOWN, waiting.length); shown++) {
    const longer = shownUpTo(shown);
    if (longer.length > room) break;
    text = longer;
  }
  return text;
}

/**
 * What stands between the leader and the one behind it, and between the others. An arrow points from one that
 * is woken to the one whose end wakes it, as the scheme's own rule says it.
 */
function joints(scheme: TrialPlan["scheme"], marks: Marks): readonly [string, string] {
  const arrow = ` ${marks.watches} `;
  const wokenBy = (position: number) =>
    scheme.isOpaque ? null : scheme.notifications({ contenders: 4, position });
  if (wokenBy(0) === 1 && wokenBy(1) === 1) return [arrow, arrow];
  if (wokenBy(0) === 3 && wokenBy(1) === 0) return [arrow, ", "];
  return [` ${marks.apart} `, ", "];
}
