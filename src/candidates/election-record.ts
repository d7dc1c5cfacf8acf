/**
 * Records an election where it happens: each event goes into the history, and what others wait for onto the
 * board.
 */
import type { Contender } from "../election/contenders.ts";
import type { Election } from "../election/election.ts";
import type { ElectionState } from "../election/election-events.ts";
import { codesOf } from "../history/columns.ts";
import { endReasons, readCauses, watchKinds } from "../history/event.ts";
import type { Recorder } from "../history/recorder.ts";
import type { Board } from "./board.ts";
import type { CounterConnection } from "./counter-connection.ts";
import { recordLease } from "./lease-reading.ts";

const watchCodes = codesOf(watchKinds);
const causeCodes = codesOf(readCauses);
const reasonCodes = codesOf(endReasons);

/** Where to record an election. */
export interface RecordContext {
  readonly candidate: number;
  /** Whether leaders announce themselves. */
  readonly inherits: boolean;
  readonly recorder: Recorder;
  readonly board: Board;
  /** The connection to the counter that leaders write to. */
  readonly counter: CounterConnection;
}

export function recordElection(
  election: Election,
  { candidate, inherits, recorder, board, counter }: RecordContext,
): void {
  let own = 0;
  election.on("creating", () => recorder.record("creating"));
  election.on("created", (contender, czxid) => {
    own = contender.sequence;
    recorder.record("created", own, czxid);
  });
  election.on("reading", (cause) => recorder.record("reading", causeCodes[cause]));
  election.on("read", (contenders) => recorder.record("read", contenders));
  election.on("armed", (watching) => {
    recorder.record("armed", kindOf(watching), sequenceOf(watching, own));
    board.set(candidate, "settled", own);
  });
  election.on("notified", (watching, event) => {
    const kind = event === "changed" && inherits ? watchCodes.announcement : kindOf(watching);
    recorder.record("notified", kind, sequenceOf(watching, own));
    // It may claim, or ask, right now: nobody waits for this.
    void Promise.resolve().then(() => {
      const { state } = election.state;
      if (state === "waiting" || state === "heir") board.set(candidate, "unsettled", own);
    });
  });
  election.on("claimed", (term) => {
    recorder.record("claimed", term.contender.sequence, term.token);
    board.set(candidate, inherits ? "announcing" : "leading", term.contender.sequence);
    counter.begin(term.token);
  });
  election.on("announced", (term) => {
    recorder.record("announced");
    board.set(candidate, "leading", term.contender.sequence);
  });
  election.on("beat", (asked) => {
    board.beat(asked);
    const { state } = election.state;
    // There are too many of the others, and nothing depends on them.
    if (state === "leading" || state === "heir") recorder.record("beat");
  });
  election.on("ended", (term, reason) => {
    recordLease(recorder, term);
    recorder.record("ended", term.contender.sequence, reasonCodes[reason]);
    counter.end();
  });
  election.on("removing", (contender) => {
    recorder.record("removing", contender.sequence);
    // The next leader waits for the delete, and nobody for this.
    void Promise.resolve().then(() => board.set(candidate, "out"));
  });
  election.on("removed", (contender) => recorder.record("removed", contender.sequence));
  election.on("state", ({ state }) => {
    if (isBusy(state)) board.set(candidate, "unsettled");
    else if (state === "over") board.set(candidate, "out");
  });
}

/** The other states are recorded by their own events. */
function isBusy(state: ElectionState["state"]): boolean {
  switch (state) {
    case "joining":
    case "looking":
    case "suspended":
    case "rejoining":
      return true;
    case "idle":
    case "waiting":
    case "heir":
    case "leading":
    case "resigning":
    case "over":
      return false;
    default:
      return state satisfies never;
  }
}

function kindOf(watching: Contender | "children"): number {
  return watchCodes[watching === "children" ? "children" : "contender"];
}

function sequenceOf(watching: Contender | "children", own: number): number {
  return watching === "children" ? own : watching.sequence;
}
