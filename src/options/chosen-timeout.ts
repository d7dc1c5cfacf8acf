/** The session timeout where nobody has typed one. */
import { availableParallelism } from "node:os";
import { bearableTimeoutMs } from "../candidates/limits.ts";
import { axes as axisEntries } from "../history/conditions.ts";
import type { Axes } from "./groups.ts";

export interface Chosen {
  readonly planned: readonly Axes[];
  /** What a person should know about it. */
  readonly cautions: readonly string[];
}

/**
 * The default, or a longer one that the most candidates can bear on these processors: all trials that would
 * have the default get the same, so that they can be compared.
 */
export function withChosenTimeout(
  planned: readonly Axes[],
  given: ReadonlySet<string>,
  processors = availableParallelism(),
): Chosen {
  const { flag, default: standard } = axisEntries.sessionTimeoutMs;
  const hasDefault = ({ sessionTimeoutMs }: Axes) => sessionTimeoutMs.every((ms) => ms === standard);
  const most = Math.max(0, ...planned.filter(hasDefault).flatMap(({ candidates }) => candidates));
  const ms = bearableTimeoutMs(most, processors);
  if (given.has(flag) || ms <= standard) return { planned, cautions: [] };
  return {
    planned: planned.map((axes) => (hasDefault(axes) ? { ...axes, sessionTimeoutMs: [ms] } : axes)),
    cautions: [
      `session timeout ${ms / 1000} s, chosen for ${most.toLocaleString("en")} candidates on ${processors} processors; ` +
        `--${flag} sets another`,
    ],
  };
}
