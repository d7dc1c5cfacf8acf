/**
 * A trial: one scheme, one number of candidates, one fault, struck again and again. Trials that are to be
 * compared share their candidates' threads and take turns, so that a slow minute of the machine affects all
 * alike.
 */
import { setMaxListeners } from "node:events";
import { blameOf } from "../candidates/blame.ts";
import type { Counter, TrialContext } from "../candidates/protocol.ts";
import { createContainer } from "../ensemble/container.ts";
import type { Ensemble } from "../ensemble/ensemble.ts";
import { lossOf } from "../ensemble/loss.ts";
import { isUnanswered, NoAnswer } from "../ensemble/patiently.ts";
import { lookForRemains, UNSEEN } from "../ensemble/remains.ts";
import { ScriptFailed } from "../faults/script.ts";
import type { Timing } from "../faults/timing.ts";
import { conditionsOf } from "../history/conditions.ts";
import { COORDINATOR, type Event } from "../history/event.ts";
import type { CounterMode, TrialHeader } from "../history/header.ts";
import type { Ending } from "../history/history.ts";
import { nothingSeen, type TrialEnd } from "../history/observations.ts";
import { Recorder } from "../history/recorder.ts";
import { capacityWithin, createRecording } from "../history/ring.ts";
import { strikesIn } from "../history/strike.ts";
import { settledPart, Tape } from "../history/tape.ts";
import { chronicleOf, type Told, tell } from "../history/told.ts";
import { notificationsIn, successorIn, Windows } from "../history/window.ts";
import { messageOf } from "../thrown.ts";
import { Coordinator, INTERRUPTED, type TrialOptions } from "./coordinator.ts";
import { Crew, hostsFor } from "./crew.ts";
import type { Follower } from "./follower.ts";
import type { Occasion, Occasions } from "./occasions.ts";
import type { LastFailover } from "./progress.ts";
import type { TrialPlan, Turn, Turns } from "./trial-plan.ts";

/**
 * The total size of all rings of a trial. A thousand candidates can record 1,490 events each in one window: the
 * one that records most, an heir with its heartbeats, takes a minute for that.
 */
const RECORDING_BYTES = 60e6;

/** A turn hands on its events when it has recorded so many: that takes a few milliseconds. */
const HANDED_ON_FROM = 1000;

/** A trial in progress. */
interface OngoingTrial {
  readonly header: TrialHeader;
  readonly context: TrialContext;
  readonly coordinator: Coordinator;
  readonly tape: Tape;
  /** What is to be handed on. */
  readonly told: Told[];
  readonly windows: Windows;
  /** The numbers of the remaining failovers. */
  readonly left: number[];
  readonly occasion: (failover: number) => Occasion;
  /** The failovers, if somebody chooses them. */
  readonly chosen: AsyncIterable<Occasion> | undefined;
  end: TrialEnd | undefined;
}

/** How a trial ended. */
export interface TrialEnding {
  readonly header: TrialHeader;
  readonly ending: Ending;
}

/** The crew that works on trials, and whether it stays for the next ones. */
export interface Shift {
  readonly crew: Crew;
  readonly stays: boolean;
}

/**
 * Runs trials to their end, which may also be a failure: what was recorded is kept. All have the same number of
 * candidates and the same session timeout. If one fails in its turn, those that took turns with it are {@link
 * CUT_SHORT}: their candidates may be in any state.
 * @param signal ends them early, and cleanly
 * @param shift by default they have their own threads. Threads that were to stay leave if something goes wrong
 * @throws when the ensemble does not permit their znodes: then none of them has begun
 */
export async function runTrials(
  ensemble: Ensemble,
  trials: readonly TrialOptions[],
  turns: Turns,
  follower: Follower,
  signal: AbortSignal,
  shift?: Shift,
): Promise<TrialEnding[]> {
  const [first] = trials;
  if (first === undefined) return [];
  const loss = new AbortController();
  ensemble.ended.then((reason) => loss.abort(reason));
  const suspended = new AbortController();
  const resumed = () => suspended.abort();
  let contexts: TrialContext[];
  try {
    contexts = await openContexts(ensemble, trials);
  } catch (error) {
    if (!isUnanswered(error)) throw error;
    return trials.map((options) => unbegun(headerOf(options), new NoAnswer(ensemble, error).message));
  }
  const { crew, stays } = shift ?? { crew: await Crew.of(ensemble, first), stays: false };
  const untilEnd = AbortSignal.any([signal, loss.signal, crew.failure, suspended.signal]);
  // Each trial listens, so a large number is not a leak.
  setMaxListeners(0, untilEnd);
  const ongoing = trials.flatMap((options, index): OngoingTrial[] => {
    const header = headerOf(options);
    const context = contexts[index];
    if (context === undefined) return [];
    const tape = new Tape(context.recording);
    const coordinator = new Coordinator({
      ensemble,
      options,
      header,
      trial: context,
      timing: timingOf(ensemble, options),
      pool: crew.pool,
      network: crew.network,
      board: crew.board,
      recorder: new Recorder(context.recording, COORDINATOR, COORDINATOR),
      tape,
      onProgress: (progress) => follower.progress(options.trial, progress),
      lastFailover: () => {
        takeOver(trial, tape.takeSettled());
        return lastOf(trial.windows);
      },
      beforeFailover: async () => {
        await options.betweenFailovers?.();
        if (trial.told.length >= HANDED_ON_FROM) await handOn(trial, follower);
      },
      signal: untilEnd,
    });
    const left = Array.from({ length: options.failovers }, (_, failover) => failover + 1);
    const { fault, occasions } = options;
    const occasion = (failover: number) => ({ failover, fault });
    const tellAll = () => {
      takeOver(trial, tape.takeComplete());
      return tellEvents(trial, follower);
    };
    const chosen = occasions && handedOn(occasions, untilEnd, tellAll);
    const trial: OngoingTrial = {
      ...{ header, context, coordinator, tape, left, occasion, chosen },
      ...{ told: [], windows: new Windows(), end: undefined },
    };
    follower.begins(header);
    return [trial];
  });
  // A process that had been stopped, by Ctrl-Z or otherwise, gets this signal when it goes on.
  process.on("SIGCONT", resumed);
  let stopped: Stopped | undefined;
  try {
    stopped = await takeTurns(ongoing, turns, follower);
  } finally {
    process.off("SIGCONT", resumed);
    for (const { tape } of ongoing) tape.resume();
    if (!stays || !(await standDown(ongoing))) {
      follower.progress(first.trial, { type: "leaving" });
      await crew.leave();
    }
    for (const { tape } of ongoing) tape.pause();
  }
  const outcomeOf = (trial: OngoingTrial): TrialEnd => {
    if (trial.end !== undefined && trial.end !== INTERRUPTED) return trial.end;
    // This is the reason for anything that went wrong afterwards. The recording is still worth keeping.
    if (loss.signal.aborted) return failedByEnsemble(String(loss.signal.reason));
    if (signal.aborted) return INTERRUPTED;
    if (trial !== stopped?.trial) return CUT_SHORT;
    if (suspended.signal.aborted) return SUSPENDED;
    return errored(crew.failure.aborted ? crew.failure.reason : stopped.error);
  };
  const gone = loss.signal.aborted || stopped?.error instanceof NoAnswer;
  const there = !gone && (stopped === undefined || (await lossOf(ensemble)) === undefined);
  const remainsOf = (context: TrialContext) =>
    lookForRemains(ensemble, znodesOf(context), first.sessionTimeoutMs, crew.isGone);
  const network = await crew.paths();
  const endings: TrialEnding[] = [];
  for (const trial of ongoing) {
    const { header, context, coordinator, tape } = trial;
    const end = outcomeOf(trial);
    const rest = tape.take();
    takeOver(trial, end === SUSPENDED ? settledPart(rest) : rest);
    await tellEvents(trial, follower);
    endings.push({
      header,
      ending: {
        remains: there ? await remainsOf(context) : UNSEEN,
        observations: {
          end,
          enrolment: coordinator.enrolment,
          servers: coordinator.servers,
          serverTroubles: coordinator.serverTroubles,
          roles: coordinator.roles.seen,
          pulsesMs: coordinator.calibrationsMs,
          grantedTimeoutsMs: crew.pool.grantedTimeoutsMs,
          foreignCpuShare: coordinator.foreignCpuShare,
          network,
          ...(coordinator.crowd !== null && { crowd: coordinator.crowd }),
        },
      },
    });
  }
  return endings;
}

/**
 * Hands on what has happened before anybody is asked for the next strike.
 * @throws when the trial is to end early
 */
async function* handedOn(
  occasions: Occasions,
  untilEnd: AbortSignal,
  handOn: () => Promise<void>,
): AsyncGenerator<Occasion> {
  const end = () => occasions.end();
  untilEnd.addEventListener("abort", end, { once: true });
  try {
    await handOn();
    for await (const occasion of occasions) {
      yield occasion;
      await handOn();
    }
    untilEnd.throwIfAborted();
  } finally {
    untilEnd.removeEventListener("abort", end);
    end();
  }
}

/** Hands on what certainly belongs to the trial: if the process is suspended, the rest is lost. */
function handOn(trial: OngoingTrial, follower: Follower): Promise<void> {
  takeOver(trial, trial.tape.takeSettled());
  return tellEvents(trial, follower);
}

function takeOver({ coordinator, told, windows }: OngoingTrial, events: readonly Event[]): void {
  const strikes = strikesIn(events, coordinator.planned);
  const next = [...chronicleOf({ strikes, events })];
  tell(next, windows);
  for (const one of next) told.push(one);
}

async function tellEvents({ header, told }: OngoingTrial, follower: Follower): Promise<void> {
  if (told.length > 0) await follower.hears(header.trial, told.splice(0));
}

function lastOf({ current }: Windows): LastFailover | undefined {
  if (current === undefined) return undefined;
  const claim = successorIn(current);
  const ms = claim && (claim.at - current.strike.startedAt) / 1e6;
  return { woken: notificationsIn(current).herd.length, ms };
}

function errored(error: unknown): TrialEnd {
  return {
    state: "errored",
    reason: messageOf(error),
    blame: error instanceof ScriptFailed ? "fault" : blameOf(error),
  };
}

function failedByEnsemble(reason: string): TrialEnd {
  return { state: "errored", reason, blame: "ensemble" };
}

/** The end of a trial that took turns with one that failed: it will start again, without that one. */
export const CUT_SHORT: TrialEnd = { state: "aborted", reason: "a trial that it took turns with failed" };

/**
 * The end of a trial in which the whole process stood still: its sessions may have expired, and none of its
 * times is valid.
 */
export const SUSPENDED: TrialEnd = {
  state: "aborted",
  reason:
    "the lab was suspended in the middle of it, so unfinished failovers are lost; run it again, or continue a bench with --resume",
};

/** The ending of a trial that could not begin, because the ensemble was already gone. */
export function neverBegun(options: TrialOptions, reason: string): TrialEnding {
  return unbegun(headerOf(options), `it did not begin: ${reason}`);
}

/** The ending of a trial that never began because the ensemble did not answer. */
function unbegun(header: TrialHeader, reason: string): TrialEnding {
  return {
    header,
    ending: {
      remains: UNSEEN,
      observations: { end: failedByEnsemble(reason), ...nothingSeen },
    },
  };
}

/** Whether the candidates have left the last election cleanly, so that they can serve in another one. */
async function standDown(ongoing: readonly OngoingTrial[]): Promise<boolean> {
  if (ongoing.some(({ end }) => end?.state !== "completed")) return false;
  try {
    await ongoing.at(-1)?.coordinator.standDown();
    return true;
  } catch {
    return false;
  }
}

/** The trial after whose turn no other could follow, and why: without an error, because it was told to end. */
interface Stopped {
  readonly trial: OngoingTrial;
  readonly error?: unknown;
}

/** Continues until each trial has ended, or nobody can go on. A trial that ends early has no more turns. */
async function takeTurns(
  ongoing: readonly OngoingTrial[],
  turns: Turns,
  follower: Follower,
): Promise<Stopped | undefined> {
  const warmUps = Array.from({ length: turns.warmUps }, () => 0);
  for (const { trial, failovers } of typeof turns.order === "object"
    ? inOrder(ongoing, turns.order)
    : roundRobin(ongoing, turns)) {
    try {
      const numbers = [...warmUps, ...trial.left.splice(0, failovers)];
      const end = await trial.coordinator.turn(trial.chosen ?? numbers.map(trial.occasion));
      if (end === INTERRUPTED) return { trial };
      if (end.state !== "completed" || trial.left.length === 0) trial.end = end;
      if (ongoing.every(({ end }) => end !== undefined)) break;
      await handOn(trial, follower);
      follower.progress(trial.header.trial, { type: "turn-ended" });
      await trial.coordinator.standDown();
    } catch (error) {
      return { trial, error };
    }
  }
  return undefined;
}

type TurnsOfTrials = Generator<{ readonly trial: OngoingTrial; readonly failovers: number }>;

function* roundRobin(ongoing: readonly OngoingTrial[], { failovers }: Turns): TurnsOfTrials {
  for (let going = [...ongoing]; going.length > 0; going = going.filter(({ end }) => end === undefined)) {
    for (const trial of going) yield { trial, failovers };
  }
}

function* inOrder(ongoing: readonly OngoingTrial[], order: readonly Turn[]): TurnsOfTrials {
  for (const { trial: number, failovers } of order) {
    const trial = ongoing.find(({ header }) => header.trial === number);
    if (trial !== undefined && trial.end === undefined) yield { trial, failovers };
  }
}

function timingOf({ tickTimeMs }: Ensemble, { sessionTimeoutMs }: TrialOptions): Timing {
  return { sessionTimeoutMs, tickTimeMs };
}

function headerOf(options: TrialOptions): TrialHeader {
  const { trial, scheme, fault, failovers } = options;
  return {
    ...{ trial, scheme: scheme.name, failovers, counter: counterOf(options) },
    ...conditionsOf({ ...options, fault: fault.name }),
  };
}

/**
 * If no old leader can be left behind nobody writes, so that the measured windows are as quiet as possible. Nor
 * do processes: the lab sees only their elections.
 */
function counterOf({ fault, host, counter = "guarded" }: TrialOptions): CounterMode {
  return fault.leavesBehind === "nobody" || host !== "thread" ? "none" : counter;
}

/** The number of sessions that a trial's candidates hold at a time: two each, if leaders write. */
export function sessionsOf({ candidates, fault, host }: TrialPlan): number {
  return fault.leavesBehind === "nobody" || host !== "thread" ? candidates : 2 * candidates;
}

/** @throws when a znode cannot be created: then all of them have been removed */
async function openContexts(ensemble: Ensemble, trials: readonly TrialOptions[]): Promise<TrialContext[]> {
  const made: string[] = [];
  const contexts: TrialContext[] = [];
  try {
    for (const options of trials) contexts.push(await openContext(ensemble, options, made));
    return contexts;
  } catch (error) {
    for (const znode of made.toReversed()) await ensemble.session.remove(znode).catch(() => undefined);
    throw error;
  }
}

/** @param made receives the znodes that were created */
async function openContext(ensemble: Ensemble, options: TrialOptions, made: string[]): Promise<TrialContext> {
  const { session, root, embedded } = ensemble;
  const znode = `${root}/${options.electionName}-${options.trial}`;
  // A container goes by itself if this process is killed; our own server goes as a whole.
  const election = await (embedded
    ? session.create(znode, "", "persistent")
    : createContainer(ensemble, znode));
  made.push(election);
  const mode = counterOf(options);
  let counter: Counter | undefined;
  if (mode !== "none") {
    // The counter is beside the election, not in it. A container that never had a child would stay; this znode
    // goes with this session.
    const path = await session.create(`${znode}-counter`, "", embedded ? "persistent" : "ephemeral");
    made.push(path);
    counter = { znode: path, mode };
  }
  const hosts = hostsFor(options);
  const capacity = capacityWithin(RECORDING_BYTES, hosts);
  return {
    election,
    scheme: options.schemeSource,
    join: options.join === "by-number" ? "by-number" : "by-list",
    inherits: options.scheme.inherits === true,
    ...(counter !== undefined && { counter }),
    recording: {
      ...createRecording(hosts, capacity, options.origin),
      ...(options.recordOnly !== undefined && { only: options.recordOnly }),
    },
  };
}

function znodesOf({ election, counter }: TrialContext): string[] {
  return [election, ...(counter === undefined ? [] : [counter.znode])];
}
