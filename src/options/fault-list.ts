/** Parses `--fault`, a list of faults with their parameters such as `cut,slow:at=60%`, and `--freeze-for`. */
import type { Fault } from "../faults/fault.ts";
import { faults, parseFault } from "../faults/faults.ts";
import type { Timing } from "../faults/timing.ts";
import { refusedIn, withOption } from "../faults/tuning.ts";
import { LabError } from "../lab-error.ts";
import type { Axes } from "./groups.ts";
import type { Scripts } from "./script-file.ts";
import { ALL, list, quoted, wholeNumber } from "./values.ts";

export function faultList(text: string, scripts: Scripts): Fault[] {
  if (text === ALL) return Object.values(faults);
  const named = new Map<string, Fault>();
  // The same fault may be typed in several ways, but has one name.
  list("--fault", text, (word) => {
    const fault = scripts.get(word) ?? faultOf(word);
    named.set(fault.name, fault);
    return fault.name;
  });
  return [...named.values()];
}

function faultOf(word: string): Fault {
  if (word.split(":")[0] === ALL)
    throw new LabError(
      "usage",
      `--fault ${quoted(word)}: ${ALL} stands alone; leave out other faults, and parameters`,
    );
  const fault = parseFault(word);
  if ("problem" in fault) throw new LabError("usage", `--fault ${quoted(word)}: ${fault.problem}`);
  return fault;
}

/** @param text the value of `--freeze-for`: it holds where the list of faults gives no other time */
export function withFreezeFor(planned: readonly Axes[], text: string | undefined): readonly Axes[] {
  if (text === undefined) return planned;
  const ms = wholeNumber("--freeze-for", text, 1, 600_000, "ms");
  return planned.map((axes) => ({
    ...axes,
    fault: axes.fault.map((fault) => withOption(fault, "freeze-for", ms)),
  }));
}

/** @throws {LabError} `usage`, if a parameter is out of its range in one of the trials */
export function checkParameters(chosen: readonly Fault[], timings: readonly Timing[]): void {
  for (const fault of chosen) {
    for (const timing of timings) {
      const refused = refusedIn(fault, timing);
      if (refused === undefined) continue;
      const { option, ms, reason } = refused;
      const typed = option === undefined ? `--fault ${fault.name}` : `--${option} ${ms}`;
      throw new LabError("usage", `${typed}: ${reason}`);
    }
  }
}
