/** Tells whether trials offer what a fault needs. */
import { limitRefusal } from "../ensemble/control-group.ts";
import { diskRefusal } from "../ensemble/disk.ts";
import type { Fault, Need } from "../faults/fault.ts";
import { faults } from "../faults/faults.ts";
import { msOf, spanText } from "../faults/span.ts";
import type { Timing } from "../faults/timing.ts";
import { serverCounts } from "../history/conditions.ts";

/** What trials offer to faults. */
export interface Offer {
  readonly candidates: readonly number[];
  readonly servers: readonly number[];
  readonly hosts: readonly string[];
  /** How many candidates share a thread. */
  readonly perThread: readonly number[];
  readonly timings: readonly Timing[];
  /** Whether the servers are the run's own, or others that may be struck. */
  readonly ensemble: "own" | "strikable" | "untouchable";
  /** Whether the run's own servers wait for their disks before they answer. */
  readonly fsync: boolean;
}

/** The end of a sentence: what to do about the first thing that the fault needs and does not get, and why. */
export function missing({ needs }: Fault, offer: Offer): string | null {
  for (const need of needs) {
    const words = missingOf(need, offer);
    if (words !== null) return words;
  }
  return null;
}

/** What the faults that `all` leaves out would need: a sentence for each reason. */
export function leftOut(offer: Offer): string[] {
  const reasons = new Map<string, string[]>();
  for (const fault of Object.values(faults)) {
    const words = missing(fault, offer);
    if (words !== null) reasons.set(words, [...(reasons.get(words) ?? []), fault.name]);
  }
  return [...reasons].map(([words, names]) => `--fault all leaves out ${names.join(", ")}: ${words}`);
}

function missingOf(
  need: Need,
  { candidates, servers, hosts, perThread, timings, ensemble, fsync }: Offer,
): string | null {
  switch (need.what) {
    case "host": {
      const other = hosts.find((host) => (host === "thread") !== (need.is === "thread"));
      if (other === undefined) return null;
      return need.is === "thread"
        ? `its candidates have to be threads; leave ${other === "program" ? "--candidate" : `--host ${other}`} out: ${need.because}`
        : `its candidates have to be processes; add --host process: ${need.because}`;
    }
    case "own-thread": {
      const shared = perThread.find((count) => count > 1);
      return shared === undefined
        ? null
        : `its candidates need a thread each; leave --per-thread ${shared} out: ${need.because}`;
    }
    case "candidates": {
      const least = Math.min(...candidates);
      return least >= need.fewest
        ? null
        : `give --candidates ${need.fewest} or more, not ${least}: ${need.because}`;
    }
    case "servers": {
      if (ensemble === "untouchable")
        return "it strikes servers, and may only strike the lab's own; leave --connect out, or give --server-hook";
      const least = Math.min(...servers);
      if (least >= need.fewest) return null;
      const enough = serverCounts.filter((count) => count >= need.fewest).join(" or ");
      const how =
        ensemble === "own" ? `give --servers ${enough}` : `name ${need.fewest} or more in --connect`;
      return `${how}, not ${least}: ${need.because}`;
    }
    case "session-timeout": {
      const short = timings.find((timing) => timing.sessionTimeoutMs <= msOf(need.moreThan, timing));
      if (short === undefined) return null;
      const limit = `${msOf(need.moreThan, short)} ms (${spanText(need.moreThan)})`;
      return `give a --session-timeout of more than ${limit}, not ${short.sessionTimeoutMs}: ${need.because}`;
    }
    case "network":
      return need.between === undefined || ensemble === "own"
        ? null
        : "it needs relays between the lab's own servers; leave --connect out";
    case "disk": {
      if (ensemble !== "own") return "it fills a disk of the lab's own servers; leave --connect out";
      const refusal = diskRefusal();
      if (refusal !== null)
        return `it needs a small disk of its own, and mounting one is refused here (${refusal}); run it as root, with mke2fs and CAP_SYS_ADMIN`;
      if (need.limited !== true) return null;
      if (!fsync) return "servers notice a slow disk only when they wait for it; leave --no-fsync out";
      const unlimited = limitRefusal();
      return unlimited === null
        ? null
        : `it limits the writes to a disk, and that is refused here (${unlimited}); it takes the blkio controller of cgroup version 1`;
    }
    default:
      return need satisfies never;
  }
}
