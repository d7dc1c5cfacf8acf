/** One trial: one scheme, one number of candidates, one fault, struck again and again; and what came of it. */
import { Board } from "./candidates/board.ts";
import { Pool } from "./candidates/pool.ts";
import {
  Coordinator,
  INTERRUPTED,
  slackMs,
  type TrialEnd,
  type TrialOptions,
  type TrialProgress,
} from "./coordinator.ts";
import type { Ensemble } from "./ensemble/ensemble.ts";
import { lookForRemains } from "./ensemble/remains.ts";
import type { ServerDifference } from "./ensemble/server-counts.ts";
import type { Timing } from "./faults/fault.ts";
import { COORDINATOR } from "./history/event.ts";
import type { History, Remains, TrialHeader } from "./history/history.ts";
import { createRecording, Recorder, readEvents } from "./history/recorder.ts";

export interface Trial {
  readonly end: TrialEnd;
  readonly history: History;
  /** What was left on the ensemble; files and processes are looked for when the run has ended. */
  readonly remains: Remains;
  readonly enrolment: Coordinator["enrolment"];
  /** One for each failover; `null` where the ensemble does not tell. */
  readonly serverCounts: readonly (ServerDifference | null)[];
}

/**
 * Runs a trial to its end, which is also one when something failed: what was recorded is kept.
 * @param signal ends the trial early, and in order
 */
export async function runTrial(
  ensemble: Ensemble,
  options: TrialOptions,
  onProgress: (progress: TrialProgress) => void,
  signal: AbortSignal,
): Promise<Trial> {
  const { candidates, failovers, scheme, fault, sessionTimeoutMs, trial } = options;
  const { session } = ensemble;
  const loss = new AbortController();
  ensemble.ended.then((reason) => loss.abort(`the ZooKeeper server ended by itself: ${reason}`));
  const untilEnd = AbortSignal.any([signal, loss.signal]);
  const timing: Timing = { sessionTimeoutMs, tickTimeMs: ensemble.tickTimeMs };
  const header: TrialHeader = {
    trial,
    scheme: scheme.name,
    candidates,
    fault: fault.name,
    failovers,
    sessionTimeoutMs,
    unseatsLeader: fault.unseatsLeader,
    boundMs: fault.removalMs(timing) + slackMs(candidates),
    expectedNotifications: scheme.notifications({
      contenders: candidates,
      position: fault.position(candidates),
    }),
  };
  const recording = createRecording(candidates, regionCapacity(candidates, failovers), options.origin);
  // A container goes by itself should this process be killed; our own server goes as a whole.
  const election = await session.create(
    `${ensemble.root}/${options.electionName}-${trial}`,
    "",
    ensemble.embedded ? "persistent" : "container",
  );
  const board = Board.create(candidates);
  const pool = new Pool({
    candidates,
    connect: ensemble.connect,
    sessionTimeoutMs,
    election,
    scheme: options.schemeSource,
    recording,
    board,
    scratch: options.scratchFolder,
  });
  const coordinator = new Coordinator({
    ensemble,
    options,
    header,
    election,
    timing,
    pool,
    board: new Board(board),
    recorder: new Recorder(recording, COORDINATOR),
    onProgress,
    signal: untilEnd,
  });
  let end: TrialEnd;
  try {
    end = await coordinator.run();
  } catch (error) {
    end = { state: "errored", reason: error instanceof Error ? error.message : String(error) };
  } finally {
    onProgress({ type: "leaving" });
    await pool[Symbol.asyncDispose]();
  }
  if (signal.aborted && end.state === "errored") end = INTERRUPTED;
  let remains = UNSEEN;
  if (loss.signal.aborted) {
    // Whatever went wrong afterwards, this was the reason. What was recorded is worth keeping all the same.
    end = { state: "errored", reason: String(loss.signal.reason) };
  } else {
    remains = await lookForRemains(ensemble, election);
  }
  return {
    end,
    history: { header, events: readEvents(recording), remains },
    remains,
    enrolment: coordinator.enrolment,
    serverCounts: coordinator.serverCounts,
  };
}

const UNSEEN: Remains = { znodes: null, watches: null, files: null, processes: null };

/** Room for the joins of all (the child-list scheme wakes everybody at each), and for every failover. */
function regionCapacity(candidates: number, failovers: number): number {
  return 512 + 5 * candidates + 32 * failovers;
}
