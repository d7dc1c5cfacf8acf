/**
 * A trial: one scheme, one number of candidates, one fault, struck again and again; and what came of it. Trials
 * that are to be compared share their candidates' threads and take turns, so that a slow minute of the machine
 * hits all alike.
 */
import { setMaxListeners } from "node:events";
import { blameOf } from "./candidates/blame.ts";
import { Board } from "./candidates/board.ts";
import { pauseMs } from "./candidates/guarded-counter.ts";
import { Pool } from "./candidates/pool.ts";
import type { Counter, Stage } from "./candidates/protocol.ts";
import { Coordinator, INTERRUPTED, slackMs, type TrialOptions, type TrialProgress } from "./coordinator.ts";
import { tickOf } from "./election/lease.ts";
import { announcements } from "./election/scheme.ts";
import { createContainer } from "./ensemble/container.ts";
import type { Ensemble } from "./ensemble/ensemble.ts";
import { endOf, lossOf } from "./ensemble/loss.ts";
import { isUnanswered, NoAnswer } from "./ensemble/patiently.ts";
import { lookForRemains, UNSEEN } from "./ensemble/remains.ts";
import type { Timing } from "./faults/fault.ts";
import { COORDINATOR, type Event } from "./history/event.ts";
import type { CounterMode, History, TrialHeader } from "./history/history.ts";
import type { TrialEnd } from "./history/observations.ts";
import { createRecording, Recorder, readEvents } from "./history/recorder.ts";
import { messageOf } from "./thrown.ts";
import { endSession } from "./zookeeper/end-session.ts";
import type { SessionIdentity } from "./zookeeper/native-session.ts";

/** How trials take turns. */
export interface Turns {
  /** Failovers that are measured in one turn. */
  readonly failovers: number;
  /** Failovers at the beginning of each turn that are judged, but not measured. */
  readonly warmUps: number;
  /** Whose turn it is, one after the other. Without it, all take their turns in a row, again and again. */
  readonly order?: readonly Turn[];
}

export interface Turn {
  readonly trial: number;
  readonly failovers: number;
}

/** One trial after the other, and everything measured. */
export const ONE_TURN: Turns = { failovers: Number.POSITIVE_INFINITY, warmUps: 0 };

/** What one trial is to try. */
export type TrialPlan = Omit<
  TrialOptions,
  "electionName" | "scratchFolder" | "origin" | "recordOnly" | "counter" | "freezeForMs" | "betweenFailovers"
>;

/** A trial under way. */
interface Course {
  readonly header: TrialHeader;
  readonly stage: Stage;
  readonly coordinator: Coordinator;
  /** The numbers of the failovers that are still to come. */
  readonly left: number[];
  end: TrialEnd | undefined;
}

/**
 * Runs trials to their end, which is also one when something failed: what was recorded is kept. All have the
 * same number of candidates and the same session timeout. Where one fails in its turn, those that took turns
 * with it are {@link CUT_SHORT}: their candidates may be in any state.
 * @param signal ends them early, and in order
 * @throws when the ensemble does not permit their znodes: then none of them has begun
 */
export async function runTrials(
  ensemble: Ensemble,
  trials: readonly TrialOptions[],
  turns: Turns,
  onProgress: (trial: number, progress: TrialProgress) => void,
  signal: AbortSignal,
): Promise<History[]> {
  const [first] = trials;
  if (first === undefined) return [];
  const loss = new AbortController();
  endOf(ensemble).then((reason) => loss.abort(reason));
  const failed = new AbortController();
  const suspended = new AbortController();
  const resumed = () => suspended.abort();
  const untilEnd = AbortSignal.any([signal, loss.signal, failed.signal, suspended.signal]);
  // Each trial listens; their number is no leak.
  setMaxListeners(0, untilEnd);
  let stages: Stage[];
  try {
    stages = await openStages(ensemble, trials, turns);
  } catch (error) {
    if (!isUnanswered(error)) throw error;
    return trials.map((options) =>
      unbegun(headerOf(ensemble, options), new NoAnswer(ensemble, error).message),
    );
  }
  const board = Board.create(first.candidates);
  const pool = new Pool(
    {
      candidates: first.candidates,
      connect: ensemble.connect,
      auth: ensemble.auth,
      sessionTimeoutMs: first.sessionTimeoutMs,
      tickTimeMs: ensemble.tickTimeMs,
      board,
      scratch: first.scratchFolder,
    },
    // Nothing that is waited for will come.
    (failure) => failed.abort(failure),
  );
  const courses = trials.flatMap((options, index): Course[] => {
    const header = headerOf(ensemble, options);
    const stage = stages[index];
    if (stage === undefined) return [];
    const coordinator = new Coordinator({
      ensemble,
      options,
      header,
      stage,
      timing: timingOf(ensemble, options),
      pool,
      board: new Board(board),
      recorder: new Recorder(stage.recording, COORDINATOR),
      onProgress: (progress) => onProgress(options.trial, progress),
      signal: untilEnd,
    });
    const left = Array.from({ length: options.failovers }, (_, failover) => failover + 1);
    return [{ header, stage, coordinator, left, end: undefined }];
  });
  // A process that had been stopped, by Ctrl-Z or otherwise, is told when it goes on.
  process.on("SIGCONT", resumed);
  let stopped: Stopped | undefined;
  try {
    stopped = await takeTurns(courses, turns, onProgress);
  } finally {
    process.off("SIGCONT", resumed);
    onProgress(first.trial, { type: "leaving" });
    await pool[Symbol.asyncDispose]();
    await endSessions(ensemble, pool.brokenOff);
  }
  const outcomeOf = (course: Course): TrialEnd => {
    if (course.end !== undefined && course.end !== INTERRUPTED) return course.end;
    // Whatever went wrong afterwards, this was the reason. What was recorded is worth keeping all the same.
    if (loss.signal.aborted) return failedByEnsemble(String(loss.signal.reason));
    if (signal.aborted) return INTERRUPTED;
    if (course !== stopped?.course) return CUT_SHORT;
    if (suspended.signal.aborted) return SUSPENDED;
    return errored(failed.signal.aborted ? failed.signal.reason : stopped.error);
  };
  const gone = loss.signal.aborted || stopped?.error instanceof NoAnswer;
  const there = !gone && (stopped === undefined || (await lossOf(ensemble)) === undefined);
  const histories: History[] = [];
  for (const course of courses) {
    const { header, stage, coordinator } = course;
    const end = outcomeOf(course);
    const events = readEvents(stage.recording);
    histories.push({
      header,
      events: end === SUSPENDED ? settledPart(events) : events,
      remains: there ? await lookForRemains(ensemble, znodesOf(stage), first.sessionTimeoutMs) : UNSEEN,
      observations: {
        end,
        enrolment: coordinator.enrolment,
        servers: coordinator.servers,
        serverTroubles: coordinator.serverTroubles,
        pulsesMs: coordinator.pulsesMs,
        grantedTimeoutsMs: pool.grantedTimeoutsMs,
        foreignCpuShare: coordinator.foreignCpuShare,
      },
    });
  }
  return histories;
}

function errored(error: unknown): TrialEnd {
  return {
    state: "errored",
    reason: messageOf(error),
    blame: blameOf(error),
  };
}

function failedByEnsemble(reason: string): TrialEnd {
  return { state: "errored", reason, blame: "ensemble" };
}

/** The end of a trial that took turns with one that failed: it is to begin anew, without that one. */
export const CUT_SHORT: TrialEnd = { state: "aborted", reason: "a trial that it took turns with failed" };

/**
 * The end of a trial in which the whole process stood still: its sessions may have expired, and no time of it
 * is true.
 */
export const SUSPENDED: TrialEnd = {
  state: "aborted",
  reason:
    "the lab was suspended in the middle of it, which costs what was not finished; bench --resume tries it again",
};

/** What is told of a trial that could not begin, since the ensemble had gone before. */
export function neverBegun(ensemble: Ensemble, options: TrialOptions, reason: string): History {
  return unbegun(headerOf(ensemble, options), `it was not begun: ${reason}`);
}

/** A trial that the ensemble's silence has kept from beginning. */
function unbegun(header: TrialHeader, reason: string): History {
  return {
    header,
    events: [],
    remains: UNSEEN,
    observations: {
      end: failedByEnsemble(reason),
      enrolment: null,
      servers: [],
      serverTroubles: [],
      pulsesMs: [],
      grantedTimeoutsMs: [],
      foreignCpuShare: null,
    },
  };
}

/** Where no server answers, they end by themselves. */
async function endSessions(
  { monitors, auth }: Ensemble,
  sessions: readonly SessionIdentity[],
): Promise<void> {
  const [server] = monitors.byAnswer;
  if (server === undefined) return;
  await Promise.all(sessions.map((session) => endSession(server, session, auth).catch(() => undefined)));
}

/**
 * Up to the last moment at which all had settled: what follows may have been recorded after the process stood
 * still.
 */
function settledPart(events: readonly Event[]): Event[] {
  const last = events.findLastIndex(({ type }) => type === "enrolled" || type === "settled");
  return events.slice(0, last + 1);
}

/** In whose turn no other could follow, and why: without an error, because it was told to end. */
interface Stopped {
  readonly course: Course;
  readonly error?: unknown;
}

/** Until each has come to its end, or nobody can go on. One that ends early has no more turns. */
async function takeTurns(
  courses: readonly Course[],
  turns: Turns,
  onProgress: (trial: number, progress: TrialProgress) => void,
): Promise<Stopped | undefined> {
  const warmUps = Array.from({ length: turns.warmUps }, () => 0);
  for (const { course, failovers } of turns.order === undefined
    ? inARow(courses, turns)
    : inOrder(courses, turns.order)) {
    try {
      const end = await course.coordinator.turn([...warmUps, ...course.left.splice(0, failovers)]);
      if (end === INTERRUPTED) return { course };
      if (end.state !== "completed" || course.left.length === 0) course.end = end;
      const events = readEvents(course.stage.recording);
      const history = { header: course.header, events, remains: null, observations: null };
      onProgress(course.header.trial, { type: "turn-ended", history });
      const last = courses.every(({ end }) => end !== undefined);
      if (!last) await course.coordinator.standDown();
    } catch (error) {
      return { course, error };
    }
  }
  return undefined;
}

type CoursesInTurn = Generator<{ readonly course: Course; readonly failovers: number }>;

function* inARow(courses: readonly Course[], { failovers }: Turns): CoursesInTurn {
  for (let going = [...courses]; going.length > 0; going = going.filter(({ end }) => end === undefined)) {
    for (const course of going) yield { course, failovers };
  }
}

function* inOrder(courses: readonly Course[], order: readonly Turn[]): CoursesInTurn {
  for (const { trial, failovers } of order) {
    const course = courses.find(({ header }) => header.trial === trial);
    if (course !== undefined && course.end === undefined) yield { course, failovers };
  }
}

function timingOf({ tickTimeMs }: Ensemble, { sessionTimeoutMs, freezeForMs }: TrialOptions): Timing {
  return { sessionTimeoutMs, tickTimeMs, freezeForMs };
}

function headerOf(ensemble: Ensemble, options: TrialOptions): TrialHeader {
  const { trial, scheme, candidates, fault, failovers, sessionTimeoutMs } = options;
  const death = { contenders: candidates, position: fault.position(candidates) };
  return {
    trial,
    scheme: scheme.name,
    candidates,
    fault: fault.name,
    failovers,
    sessionTimeoutMs,
    unseatsLeader: fault.unseatsLeader,
    boundMs: fault.removalMs(timingOf(ensemble, options)) + slackMs(candidates),
    expectedNotifications: scheme.notifications(death),
    expectedAnnouncements: announcements(scheme, death),
    counter: counterOf(options),
  };
}

/**
 * Where no old leader can be left behind nobody writes, so that the measured
 * windows stay as quiet as they can be.
 */
function counterOf({ fault, counter = "guarded" }: TrialOptions): CounterMode {
  return fault.leavesBehind === "nobody" ? "none" : counter;
}

/** How many sessions the candidates of a trial hold at a time: another one each, where leaders write. */
export function sessionsOf({ candidates, fault }: TrialPlan): number {
  return fault.leavesBehind === "nobody" ? candidates : 2 * candidates;
}

/** @throws when a znode cannot be made: then those of all have gone again */
async function openStages(
  ensemble: Ensemble,
  trials: readonly TrialOptions[],
  turns: Turns,
): Promise<Stage[]> {
  const made: string[] = [];
  const stages: Stage[] = [];
  try {
    for (const options of trials) stages.push(await openStage(ensemble, options, turns, made));
    return stages;
  } catch (error) {
    for (const znode of made.toReversed()) await ensemble.session.remove(znode).catch(() => undefined);
    throw error;
  }
}

/** @param made gets the znodes that were made */
async function openStage(
  ensemble: Ensemble,
  options: TrialOptions,
  turns: Turns,
  made: string[],
): Promise<Stage> {
  const { session, root, embedded } = ensemble;
  const znode = `${root}/${options.electionName}-${options.trial}`;
  // A container goes by itself should this process be killed; our own server goes as a whole.
  const election = await (embedded
    ? session.create(znode, "", "persistent")
    : createContainer(ensemble, znode));
  made.push(election);
  const mode = counterOf(options);
  let counter: Counter | undefined;
  if (mode !== "none") {
    // Beside the election and not in it. A container that never had a child
    // would stay: it goes with this session.
    const path = await session.create(`${znode}-counter`, "", embedded ? "persistent" : "ephemeral");
    made.push(path);
    counter = { znode: path, mode };
  }
  const capacity = regionCapacity(ensemble, options, turns);
  return {
    election,
    scheme: options.schemeSource,
    ...(counter !== undefined && { counter }),
    recording: {
      ...createRecording(options.candidates, capacity, options.origin),
      ...(options.recordOnly !== undefined && { only: options.recordOnly }),
    },
  };
}

function znodesOf({ election, counter }: Stage): string[] {
  return [election, ...(counter === undefined ? [] : [counter.znode])];
}

/** A failover that unseats nobody takes the same leader so long, at the most and in the mean. */
const QUIET_FAILOVER_MS = 500;

/**
 * Room for the joins of all (the child-list scheme wakes everybody at each), for every
 * failover, and for what a leader records as time goes by. Each leads in its turn, for a
 * failover's time at most, and twice that to be safe.
 */
function regionCapacity(ensemble: Ensemble, options: TrialOptions, turns: Turns): number {
  const { candidates, failovers, fault } = options;
  const { boundMs } = headerOf(ensemble, options);
  const own = turns.order?.filter(({ trial }) => trial === options.trial).map((turn) => turn.failovers);
  const inOneTurn = own === undefined ? Math.min(turns.failovers, failovers) : Math.max(...own);
  const turnsToTake = own?.length ?? Math.ceil(failovers / inOneTurn);
  const failoversInTurn = inOneTurn + turns.warmUps;
  const termsInTurn = Math.ceil(failoversInTurn / candidates) + 1;
  const enrolmentMs = 1000 + 100 * candidates;
  const stayingMs = fault.unseatsLeader ? 0 : failoversInTurn * QUIET_FAILOVER_MS;
  const leadingMs = turnsToTake * (enrolmentMs + termsInTurn * 2 * boundMs + stayingMs);
  return (
    512 +
    turnsToTake * (64 + 10 * candidates + 40 * turns.warmUps) +
    40 * failovers +
    Math.ceil(leadingMs * eventsPerMs(ensemble, options))
  );
}

/**
 * Of a leader's, and of an heir's before it leads: heartbeats, a quarter of a
 * tick apart at the most, and writes.
 */
function eventsPerMs({ tickTimeMs }: Ensemble, options: TrialOptions): number {
  const { scheme, sessionTimeoutMs } = options;
  const beatMs = 0.8 * Math.max(10, tickOf(sessionTimeoutMs, tickTimeMs ?? undefined) / 4);
  return (
    (scheme.inherits === true ? 2 : 1) / beatMs +
    (counterOf(options) === "none" ? 0 : 1 / pauseMs(sessionTimeoutMs))
  );
}
