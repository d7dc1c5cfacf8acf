/**
 * The coordinator of a trial: it makes the candidates join, strikes, and waits until all have settled, again
 * and again; then they may stand down, for another trial, and join once more. Between the strike and that
 * moment nothing here prints, polls or computes: it sleeps on the board.
 */
import { setTimeout as delay, setImmediate as immediate } from "node:timers/promises";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { attrition, bearable } from "../candidates/attrition.ts";
import { type Board, isBusy, leads } from "../candidates/board.ts";
import type { CandidatePool } from "../candidates/candidate-pool.ts";
import type { TrialContext } from "../candidates/protocol.ts";
import { byAge, type Contender, prefixOf } from "../election/contenders.ts";
import { patienceMs } from "../election/heartbeat.ts";
import type { CountRange, Scheme } from "../election/scheme.ts";
import { countsOfChurn, countsOfDeaths, countsOfReturn, type TurnoverCounts } from "../election/turnover.ts";
import { calibrate } from "../ensemble/calibration.ts";
import { untilFull } from "../ensemble/connection-limit.ts";
import { CountedWindow, type Leaders } from "../ensemble/counted-window.ts";
import type { Ensemble } from "../ensemble/ensemble.ts";
import { cpuMsBetween } from "../ensemble/jvm.ts";
import { jvmCounts, type StrikableMember } from "../ensemble/member.ts";
import { NoAnswer, patiently } from "../ensemble/patiently.ts";
import type { Scratch } from "../ensemble/scratch.ts";
import { ServerRoles } from "../ensemble/server-roles.ts";
import { ServerStrikes, strikableMembers } from "../ensemble/server-strikes.ts";
import type { Fault, StrikeContext } from "../faults/fault.ts";
import { outcomeOf, removalMs } from "../faults/outcome.ts";
import type { Timing } from "../faults/timing.ts";
import type { CrowdCosts } from "../history/crowd-costs.ts";
import { NO_DELAY } from "../history/delay.ts";
import { type EventKind, serverStates, type VoidReason, voidReasons } from "../history/event.ts";
import type { CounterMode, TrialHeader } from "../history/header.ts";
import type { Enrolment, MetTrouble, TrialEnd } from "../history/observations.ts";
import { completed, countsSince } from "../history/packet-counts.ts";
import type { Recorder } from "../history/recorder.ts";
import type { ServerDifference } from "../history/server-difference.ts";
import type { Expectation, PlannedStrike, Victims } from "../history/strike.ts";
import type { Tape } from "../history/tape.ts";
import { failoverTitle } from "../history/window.ts";
import { cpuTimes, foreignShare, memoryBytes } from "../machine.ts";
import { candidateLink, type Network } from "../network/network.ts";
import type { Address } from "../zookeeper/connect-string.ts";
import { endSession } from "../zookeeper/end-session.ts";
import { NodeExists, NoNode } from "../zookeeper/errors.ts";
import { sequenceIn } from "../zookeeper/znode-name.ts";
import { costsOf } from "./crowd.ts";
import type { Occasion } from "./occasions.ts";
import type { LastFailover, TrialProgress } from "./progress.ts";
import type { TrialPlan } from "./trial-plan.ts";

export interface TrialOptions extends TrialPlan {
  /** The name of the election's znode. */
  readonly electionName: string;
  /** It ends processes that outlive the run. */
  readonly scratch: Scratch;
  /**
   * Receives what candidates that are processes write to their standard error.
   * @default the scratch folder
   */
  readonly logFolder?: string;
  /**
   * What faults draw from it is the same in every trial of the run.
   * @default 1
   */
  readonly seed?: number;
  /** `process.hrtime.bigint()` when the run began. */
  readonly origin: bigint;
  /** Leaves out all other events, to measure the cost of recording. */
  readonly recordOnly?: readonly EventKind[];
  /**
   * What leaders write to, under a fault that may leave an old one behind. Without a counter, the servers'
   * request counts are exact even then.
   * @default "guarded"
   */
  readonly counter?: CounterMode;
  /** Called before each failover, outside its window. */
  readonly betweenFailovers?: () => Promise<void>;
}

/**
 * Besides the time that the fault itself needs, a new leader must be there within this time, and all settled.
 */
export function slackMs(candidates: number): number {
  return 5000 + 20 * candidates;
}

/** The time after a strike within which a new leader must lead, in milliseconds. */
function boundMs(fault: Fault, timing: Timing, candidates: number): number {
  return removalMs(fault, timing) + slackMs(candidates);
}

/** The notifications that a fault must cause. */
function countsOf(
  { victim, comeBack, positions }: Fault,
  scheme: Scheme,
  candidates: number,
): Pick<Expectation, "notifications" | "announcements" | "most"> {
  if (victim === "stays") return { notifications: 0, announcements: 0 };
  const deaths = { contenders: candidates, positions: positions(candidates) };
  const turnover = (): TurnoverCounts => {
    switch (comeBack) {
      case undefined:
        return countsOfDeaths(scheme, deaths);
      case "together":
        return countsOfReturn(scheme, candidates);
      case "one-by-one":
        return countsOfChurn(scheme, deaths);
      default:
        return comeBack satisfies never;
    }
  };
  const { notifications, announcements } = turnover();
  const least = { notifications: notifications.least, announcements: announcements.least };
  const isExact = ({ least, most }: CountRange) => least === most;
  if (isExact(notifications) && isExact(announcements)) return least;
  const limit = ({ most }: CountRange) => (most === Number.POSITIVE_INFINITY ? null : most);
  return { ...least, most: { notifications: limit(notifications), announcements: limit(announcements) } };
}

/** A server that can be reached answers sooner, however busy. */
const ANSWER_WITHIN_MS = 2000;

/** If candidates take long, this is how often to ask the servers whether they are still there. */
const SERVED_EVERY_MS = 5000;
/** This whole process may be busy, as when hundreds join. */
const SERVED_WITHIN_MS = 10_000;

/** How often to look for a candidate's connection. */
const LOOKS_EVERY_MS = 20;

/** A victim that can reach a server learns of its end within milliseconds. */
const VICTIM_WITHIN_MS = 1000;

export const INTERRUPTED: TrialEnd = { state: "aborted", reason: "interrupted" };

/** What a coordinator needs. */
export interface CoordinatorContext {
  readonly ensemble: Ensemble;
  readonly options: TrialOptions;
  readonly header: TrialHeader;
  readonly trial: TrialContext;
  readonly timing: Timing;
  readonly pool: CandidatePool;
  readonly network: Network | undefined;
  readonly board: Board;
  readonly recorder: Recorder;
  readonly tape: Tape;
  readonly onProgress: (progress: TrialProgress) => void;
  /** This trial's. Called outside windows only. */
  readonly lastFailover: () => LastFailover | undefined;
  /** Called before each failover, outside its window. */
  readonly beforeFailover: () => Promise<void>;
  /** Ends the trial early. */
  readonly signal: AbortSignal;
}

export class Coordinator {
  readonly servers: (ServerDifference | null)[] = [];
  readonly calibrationsMs: number[] = [];
  readonly roles: ServerRoles;
  /** Strikes as planned, until whoever reads the events removes them. */
  readonly planned: PlannedStrike[] = [];
  /** Keyed by server and type. */
  readonly #troubles = new Map<string, MetTrouble>();
  enrolment: Enrolment | null = null;
  crowd: CrowdCosts | null = null;
  /** The share of the processors that others used, over the turns in which it is known. */
  readonly #foreign = { share: 0, ms: 0 };
  readonly #context: CoordinatorContext;
  /** Rejects when the trial is to end early; what it waits for will not come then. */
  readonly #aborted: Promise<never>;
  /** The last time that all settled: the number of syncs that it took, and since when nobody needs to ping. */
  #caughtUp = { syncs: 0, at: 0 };
  /** `null` if they may not be struck. */
  readonly #servers: ServerStrikes | null;
  /** A candidate's latest trouble. */
  #trouble: string | undefined;

  constructor(context: CoordinatorContext) {
    this.#context = context;
    this.roles = new ServerRoles(context.ensemble, () => context.recorder.momentOf(performance.now()));
    const strikable = strikableMembers(context.ensemble.members);
    this.#servers =
      strikable &&
      new ServerStrikes(strikable, {
        network: context.ensemble.network,
        onState: (place, state) => context.recorder.record("server", place, serverStates.indexOf(state)),
        signal: context.signal,
      });
    this.#aborted = new Promise((_, reject) => {
      context.signal.addEventListener("abort", () => reject(new Error("interrupted")), { once: true });
    });
    this.#aborted.catch(() => undefined);
  }

  /**
   * One turn: all join, and these failovers follow each other.
   * @throws when the trial cannot go on, for example because a candidate failed
   */
  async turn(occasions: Iterable<Occasion> | AsyncIterable<Occasion>): Promise<TrialEnd> {
    const { ensemble, pool } = this.#context;
    const { members } = ensemble;
    const [since, cpu, jvms] = [performance.now(), cpuTimes(pool.pids), jvmCounts(members)];
    const called = this.#counts ? this.#context.ensemble.monitors.call() : undefined;
    this.#context.tape.resume();
    await this.#gather();
    await called;
    await this.#lookAtServers(0, since);
    for await (const occasion of occasions) {
      if (this.#context.signal.aborted) return INTERRUPTED;
      // Whatever ends it, the servers are whole for the next trial.
      const end = await this.#failover(occasion).finally(() => this.#mend());
      if (end.state !== "completed") return end;
    }
    const now = cpuTimes(pool.pids);
    const serversMs = cpuMsBetween(jvms, jvmCounts(members));
    if (serversMs !== null) {
      const ms = now.at - cpu.at;
      this.#foreign.share += ms * foreignShare(cpu, now, serversMs);
      this.#foreign.ms += ms;
    }
    return { state: "completed" };
  }

  /** Beside other elections there is no telling whose requests the servers count. */
  get #counts(): boolean {
    return this.#context.options.occasions === undefined;
  }

  /** All leave the election, but stay for another trial's turn. */
  async standDown(): Promise<void> {
    const ms = slackMs(this.#context.options.candidates) + 3 * this.#context.header.sessionTimeoutMs;
    const late = delay(ms, "late" as const, { ref: false });
    const stoodDown = await Promise.race([this.#context.pool.standDown(), late, this.#aborted]);
    this.#context.tape.pause();
    if (stoodDown === "late") throw new Error(`the candidates did not all stand down within ${ms} ms`);
  }

  /** The share of the processors that others used in this trial's turns, as far as it is known, from 0 to 1. */
  get foreignCpuShare(): number | null {
    return this.#foreign.ms === 0 ? null : this.#foreign.share / this.#foreign.ms;
  }

  get serverTroubles(): MetTrouble[] {
    return [...this.#troubles.values()];
  }

  /**
   * Makes servers that were struck whole again, and notes their troubles and roles.
   * @param failover 0 if it is not measured
   * @param since what a server has said from then on is still true (`performance.now()`)
   */
  async #lookAtServers(failover: number, since: number): Promise<void> {
    await this.#mend();
    if (this.#counts) await this.#noteTroubles(failover);
    await this.roles.note(Math.max(failover, this.servers.length), since);
    this.#context.onProgress({ type: "servers", roles: this.roles.seen.at(-1)?.roles ?? [] });
  }

  async #noteTroubles(failover: number): Promise<void> {
    // A look must not wait for long: a server counts as silent only if it misses a call as well.
    await this.#context.ensemble.monitors.callLate();
    for (const trouble of this.#context.ensemble.monitors.troubles()) {
      const key = `${trouble.server} ${trouble.type}`;
      const before = this.#troubles.get(key)?.failovers ?? [];
      this.#troubles.set(key, { ...trouble, failovers: failover === 0 ? before : [...before, failover] });
    }
  }

  /** All join; the first time, it may be measured what that costs. */
  async #gather(): Promise<void> {
    const { ensemble, pool, options, tape, signal } = this.#context;
    const { candidates, restMs } = options;
    if (restMs === undefined || this.crowd !== null) return this.#enrol();
    const leave = async () => {
      await this.standDown();
      tape.resume();
    };
    if (!pool.started) {
      // Threads and sessions have a cost of their own.
      await this.#enrol();
      await leave();
    }
    const { pids } = pool;
    const join = () => this.#enrol();
    this.crowd = await costsOf({ ensemble, candidates, pids, join, leave, restMs, signal });
  }

  async #enrol(): Promise<void> {
    const { pool, options } = this.#context;
    const { candidates } = options;
    const firstOfAll = !pool.started;
    const memory = memoryBytes(pool.pids);
    const start = performance.now();
    this.#context.onProgress({ type: "starting", started: 0, candidates });
    await this.#join();
    const settled = await this.#settleAll(30_000 + 100 * candidates);
    if (!settled) await this.#blame("the candidates did not settle after joining");
    this.#context.recorder.record("enrolled", candidates);
    if (!firstOfAll) return;
    this.enrolment = {
      readyMs: performance.now() - start,
      rssBytesPerCandidate: Math.round((memoryBytes(pool.pids) - memory) / candidates),
    };
  }

  /** @throws {LabError} when the servers do not have room for all */
  async #join(): Promise<void> {
    const { pool, trial, options, ensemble, signal } = this.#context;
    const { candidates } = options;
    let joined = 0;
    const onJoined = (started: number) => {
      joined = started;
      this.#context.onProgress({ type: "starting", started, candidates });
    };
    const join = pool.join(trial, onJoined, signal);
    const whileServed = (work: Promise<void>) =>
      this.#whileServed(work, "no other candidate joined", () => joined);
    // The lab's own server has no limit.
    if (ensemble.embedded) return whileServed(join);
    const over = new AbortController();
    const full = untilFull(
      ensemble.members.map(({ address }) => address),
      () => joined,
      AbortSignal.any([over.signal, signal]),
    );
    const never = new Promise<never>(() => undefined);
    try {
      await whileServed(Promise.race([join, full.then(() => never)]));
    } finally {
      over.abort();
      // A question that is still in flight would count in the servers' figures.
      await full.catch(() => undefined);
    }
  }

  /** Includes candidates that have lost their sessions meanwhile: they join again. */
  async #settleAll(timeoutMs: number): Promise<boolean> {
    const deadline = performance.now() + timeoutMs;
    while (await this.#settle(deadline - performance.now())) {
      const absent = this.#absent();
      if (absent.length === 0) return true;
      const { options } = this.#context;
      if (absent.length > bearable(options.candidates)) throw attrition(absent.length, options);
      await this.#bringBack(absent);
    }
    return false;
  }

  async #failover({ failover, fault }: Occasion): Promise<TrialEnd> {
    const { scheme } = this.#context.options;
    const { failovers } = this.#context.header;
    const line = this.#line();
    const [victim, ...more] = fault.positions(line.length).flatMap((position) => line[position] ?? []);
    const expects = this.#expectation(fault);
    if (victim === undefined) throw new Error("there is nobody to strike");
    const victims: Victims = [victim, ...more];
    const last = this.#context.lastFailover();
    this.#context.onProgress({ type: "failover", failover, failovers, line, last });

    await this.#context.beforeFailover();
    this.#context.tape.pause();
    const quietSince = this.#caughtUp.at;
    const { ensemble, trial, network } = this.#context;
    const { ms: calibrationMs, children } = await patiently(ensemble, () =>
      calibrate(ensemble, trial.election),
    );
    // Nobody counts what servers and networks in trouble do, and a victim that stays must be able to ping.
    using counted =
      expects.contendersStay || !this.#counts
        ? null
        : await CountedWindow.open(ensemble, this.#leadersWith(victims), victim);
    const packets = this.#context.pool.packets;
    const claims = this.#context.board.claims;
    const sequences = victims.map((one) => this.#context.board.sequence(one));
    const ownSequences = new Map(victims.map((one, index) => [one, sequences[index] ?? 0]));
    const names = new Map(standingAmong(children).map(({ name, sequence }) => [sequence, name]));
    const toStrike = new Set(victims);
    const record = (struck: number) => {
      if (toStrike.delete(struck)) this.#context.recorder.record("fault", failover, struck);
    };
    const strikable = () => this.#strikable;
    const random = xoroshiro128plus((this.#context.options.seed ?? 1) + failover);
    const context: StrikeContext = {
      failover,
      timing: this.#context.timing,
      candidates: this.#context.options.candidates,
      session: ensemble.session,
      contender: (candidate) => {
        const name = names.get(this.#context.board.sequence(candidate));
        if (name === undefined)
          throw new Error(`candidate ${candidate} takes itself for a contender, and its znode is gone`);
        return `${trial.election}/${name}`;
      },
      record,
      write: (bytes) => this.#write(bytes),
      strike: (candidate, blow) => this.#context.pool.strike(candidate, blow),
      gone: (victim) => {
        const sequence = ownSequences.get(victim);
        return this.#untilGone(sequence === undefined ? [] : [sequence], expects.withinMs);
      },
      comeBack: (candidates) => this.#comeBack(candidates),
      expire: (candidate) => this.#expire(candidate, record),
      serverOf: (candidate) => this.#serverOf(candidate),
      moveTo: (candidate, server) => this.#moveTo(candidate, server),
      random: () => uniformFloat64(random),
      pass: (ms) => delay(ms, undefined, { signal: this.#context.signal }).catch(() => undefined),
      healed: () => this.#context.recorder.record("healed", failover),
      get servers() {
        return strikable();
      },
      get network() {
        if (network === undefined) throw new Error(`${fault.name} does not say that it needs a network`);
        return network;
      },
    };
    this.planned.push({ failover, fault: fault.name, victims, expects });
    await this.#strike(() => fault.strike(victims, context));
    // Victims that come back meanwhile may lead, and have to settle.
    const away: readonly number[] = expects.leader === "any" ? [] : victims;
    const led = expects.leader === "same" || (await this.#untilOtherLeads(away, claims, expects.withinMs));
    const except = expects.contendersStay ? [] : away;
    // Where one that waits goes, nobody claims. It may take until servers miss it, or it is told to go;
    // unless somebody strikes by hand it has gone by now, and another look would count.
    const isUnseen =
      expects.leader === "same" && !expects.contendersStay && (expects.silentMs !== 0 || !this.#counts);
    if (led && (away.length > 1 || isUnseen)) await this.#untilGone(sequences, expects.withinMs);
    const settled = led && (await this.#settle(slackMs(line.length), except));
    // If this whole process stood still meanwhile, the time is up, but is reported only now.
    await immediate();
    this.#context.tape.resume();
    if (this.#context.signal.aborted) return INTERRUPTED;
    const isAway = new Set(away);
    const lost = this.#absent().filter((candidate) => !isAway.has(candidate)).length;
    // The bound considers only the victims' sessions: if others have ended, it says nothing about the election.
    if (lost > (led && settled ? bearable(line.length) : 0)) throw attrition(lost, this.#context.options);
    if (!led || !settled) {
      const unstruck = await this.#checkStruck(failover, fault, sequences);
      this.#context.recorder.record("aborted", failover);
      await this.#lookAtServers(failover, performance.now());
      if (unstruck !== undefined) return unstruck;
      const missing = led ? "the candidates did not all settle" : "no new leader";
      const reason = `${failoverTitle({ failover })}: ${missing} within ${Math.round(expects.withinMs)} ms`;
      return {
        state: "aborted",
        reason: this.#trouble === undefined ? reason : `${reason} (${this.#trouble})`,
      };
    }
    this.#context.recorder.record("settled", failover);
    const over = performance.now();
    const seen = counted && this.#context.pool.packets;
    const { election } = trial;
    const counts = await counted?.close({
      syncs: this.#caughtUp.syncs,
      election,
      quietSince,
      sessionTimeoutMs: this.#context.header.sessionTimeoutMs,
      // The length of an announcement is not known here.
      faultBytes: scheme.inherits === true ? null : fault.requestBytes(pathBytes(election)),
    });
    await this.#lookAtServers(failover, over);
    if (failover > 0) {
      this.servers.push(
        seen && packets ? completed(counts ?? null, countsSince(packets, seen)) : (counts ?? null),
      );
      this.calibrationsMs.push(calibrationMs);
    }

    if (expects.leader === "same") {
      const unstruck = await this.#checkStruck(failover, fault, sequences);
      if (unstruck !== undefined) return unstruck;
    }
    await this.#restore(victims, fault);
    return { state: "completed" };
  }

  /** If the trial is to end early, a network in trouble heals, so that nobody waits for that. */
  async #strike(act: () => Promise<void>): Promise<void> {
    const { signal, network } = this.#context;
    const heal = () => void network?.healAll().catch(() => undefined);
    signal.addEventListener("abort", heal, { once: true });
    try {
      await act();
    } finally {
      signal.removeEventListener("abort", heal);
    }
  }

  #expectation(fault: Fault): Expectation {
    const { options, timing, header } = this.#context;
    const { scheme, candidates } = options;
    return {
      ...outcomeOf(fault, header.sessionTimeoutMs),
      withinMs: boundMs(fault, timing, candidates),
      ...countsOf(fault, scheme, candidates),
      contendersStay: fault.victim === "stays",
      serversElect: fault.serversElect === true,
    };
  }

  /**
   * If nobody has led, or had to, checks whether the fault has struck at all: a server, or a proxy before it,
   * may not have carried out the request. Also checks whether anybody is left who could say so.
   * @throws when the servers do not answer
   */
  async #checkStruck(
    failover: number,
    fault: Fault,
    sequences: readonly number[],
  ): Promise<TrialEnd | undefined> {
    const { ensemble, trial, recorder } = this.#context;
    const sayVoid = (reason: VoidReason) => recorder.record("voided", failover, voidReasons.indexOf(reason));
    const late = delay(ANSWER_WITHIN_MS, "late" as const, { ref: false });
    const children = ensemble.session.children(trial.election).catch(() => "late" as const);
    const standing = await Promise.race([children, late]);
    if (standing === "late") {
      sayVoid("no-answer");
      throw new NoAnswer(ensemble);
    }
    const ofVictims = new Set(sequences);
    const stands = standingAmong(standing ?? []).find(({ sequence }) => ofVictims.has(sequence));
    if (fault.victim !== "loses-its-session" || stands === undefined) return undefined;
    sayVoid("not-struck");
    return {
      state: "aborted",
      reason:
        `${failoverTitle({ failover })}: the fault did not strike: a victim's session has not ended, and ` +
        `its contender ${stands.name} still stands; look for a proxy before the servers that changes handshakes, or ` +
        "for a long tick",
    };
  }

  /** Beside the election, where nobody watches. */
  async #write(bytes: number): Promise<void> {
    const { ensemble, trial } = this.#context;
    const znode = `${trial.election}-ballast`;
    // A request whose answer was lost may have been carried out.
    const unless = (Done: typeof NodeExists | typeof NoNode) => (error: unknown) => {
      if (!(error instanceof Done)) throw error;
    };
    const data = "x".repeat(bytes);
    await patiently(ensemble, () =>
      ensemble.session.create(znode, data, "ephemeral").then(() => undefined, unless(NodeExists)),
    );
    await patiently(ensemble, () => ensemble.session.remove(znode).catch(unless(NoNode)));
  }

  get #strikable(): ServerStrikes {
    if (this.#servers === null) throw new Error("the servers may not be struck");
    return this.#servers;
  }

  /** The servers are whole again. */
  async #mend(): Promise<void> {
    if (!this.#servers?.takeStruck()) return;
    await this.#servers.mend();
    this.#context.ensemble.monitors.forget();
  }

  #leadersWith(victims: Victims): Leaders {
    const { board, header, pool } = this.#context;
    // With a delay there is no quiet moment either: heartbeats are under way for longer than they may wait.
    // And of several victims only one could be told to begin no heartbeat.
    const isQuiet =
      pool.canHush && header.counter === "none" && header.delay === NO_DELAY && victims.length === 1;
    const ask = isQuiet ? "heartbeats" : "heartbeats-and-writes";
    const { tickTimeMs } = this.#context.ensemble;
    return {
      ask,
      patienceMs: patienceMs(header.sessionTimeoutMs, tickTimeMs ?? undefined),
      beats: () => board.beats,
      hush: (who) => board.hush(who),
    };
  }

  /** Whether a candidate other than the victims leads within that time. */
  async #untilOtherLeads(
    victims: readonly number[],
    claimsBefore: number,
    withinMs: number,
  ): Promise<boolean> {
    const deadline = performance.now() + withinMs;
    for (let claims = claimsBefore; ; claims = this.#context.board.claims) {
      if (!(await this.#context.board.untilClaim(claims, deadline - performance.now(), this.#context.signal)))
        return false;
      const others = this.#everybodyBut(victims);
      if (others.some((candidate) => leads(this.#context.board.status(candidate)))) return true;
    }
  }

  /**
   * The servers may miss one of several victims a tick later than another, when the next leader has long led.
   * Whether all have gone is checked afterwards.
   */
  async #untilGone(sequences: readonly number[], withinMs: number): Promise<void> {
    const { ensemble, trial, signal } = this.#context;
    const deadline = performance.now() + withinMs;
    const awaited = new Set(sequences);
    while (performance.now() < deadline && !signal.aborted) {
      const names = await ensemble.session.children(trial.election).catch(() => undefined);
      if (names !== undefined && !standingAmong(names).some(({ sequence }) => awaited.has(sequence))) return;
      await delay(LOOKS_EVERY_MS);
    }
  }

  #serverOf(candidate: number): Promise<StrikableMember> {
    return this.#strikable.serving(this.#context.pool.identity(candidate).id);
  }

  /** Its other servers refuse it until it has settled there. */
  async #moveTo(candidate: number, server: StrikableMember): Promise<void> {
    const { network, options, header, signal } = this.#context;
    if (network === undefined) throw new Error("there is no relay between candidates and servers");
    if ((await this.#serverOf(candidate)) === server) return;
    const link = candidateLink(candidate);
    const others = this.#strikable.all.filter((one) => one !== server);
    const refusal = await network.apply(
      others.map(({ address }) => ({ link, towards: address })),
      { type: "refuse" },
    );
    await network.reset([{ link }]);
    const deadline = performance.now() + slackMs(options.candidates) + header.sessionTimeoutMs;
    while ((await this.#serverOf(candidate).catch(() => null)) !== server) {
      if (signal.aborted) return;
      if (performance.now() > deadline)
        throw new Error(`candidate ${candidate} did not connect to the server that it was to be on`);
      await delay(LOOKS_EVERY_MS);
    }
    await refusal.end();
    if (!(await this.#settleAll(slackMs(options.candidates))) && !signal.aborted)
      await this.#blame("the candidates did not settle after one was moved");
  }

  /** Ends a session from outside, through whichever server answers, while its owner's thread stands still. */
  async #expire(victim: number, record: (victim: number) => void): Promise<void> {
    const letGo = await this.#context.pool.hold(victim, this.#context.signal);
    record(victim);
    try {
      const { monitors, auth } = this.#context.ensemble;
      const [server, ...others] = monitors.byAnswer;
      if (server === undefined) throw new Error("the ensemble has no server");
      const endAt = (address: Address) => endSession(address, this.#context.pool.identity(victim), auth);
      let ended = endAt(server);
      for (const other of others) ended = ended.catch(() => endAt(other));
      await ended;
    } finally {
      letGo();
    }
  }

  /**
   * Brings back the victims, if they do not come by themselves, and all others that are not in the election,
   * behind everybody else.
   */
  async #restore(victims: Victims, fault: Fault): Promise<void> {
    const { candidates } = this.#context.options;
    // A frozen victim has not yet reported that it is out.
    const away = fault.victim === "joins-again" || fault.victim === "stays" ? [] : victims;
    await this.#bringBack([...new Set([...away, ...this.#absent()])]);
    const settled = await this.#settleAll(slackMs(candidates));
    if (!settled && !this.#context.signal.aborted)
      await this.#blame("the candidates did not settle after the victims' return");
  }

  /** All of them at once, unlike {@link #bringBack}: that is the fault. */
  async #comeBack(candidates: readonly number[]): Promise<void> {
    const { pool } = this.#context;
    const back = Promise.all(candidates.map((candidate) => pool.joinAgain(candidate)));
    await this.#whileServed(
      back.then(() => undefined),
      "the candidates did not all come back",
      () => candidates.length,
    );
  }

  async #bringBack(candidates: readonly number[]): Promise<void> {
    const back = this.#context.pool.rejoin(candidates);
    await this.#whileServed(back, "the candidates did not all join again", () => candidates.length);
  }

  /**
   * Waits for work of candidates for as long as the servers serve them and they make progress: one that is cut
   * off waits for ever, as an election should.
   * @param missing the message if they make no progress
   * @param progress how far they are
   */
  async #whileServed(work: Promise<void>, missing: string, progress: () => number): Promise<void> {
    const patienceMs = 30_000 + 100 * this.#context.options.candidates;
    const done = work.then(() => "done" as const);
    for (let [before, since] = [progress(), performance.now()]; ; ) {
      const pause = delay(SERVED_EVERY_MS, "pause" as const, { ref: false });
      if ((await Promise.race([done, pause, this.#aborted])) === "done") return;
      await this.#expectAnswer(SERVED_WITHIN_MS);
      if (before !== progress()) [before, since] = [progress(), performance.now()];
      if (performance.now() > since + patienceMs) throw new Error(missing);
    }
  }

  /** @throws {NoAnswer} when the servers are to blame, and another error otherwise */
  async #blame(missing: string): Promise<never> {
    await this.#expectAnswer(ANSWER_WITHIN_MS);
    throw new Error(missing);
  }

  /** @throws {NoAnswer} */
  async #expectAnswer(withinMs: number): Promise<void> {
    const { ensemble, trial } = this.#context;
    const late = delay(withinMs, "late" as const, { ref: false });
    const answer = ensemble.session.sync(trial.election).catch(() => "late" as const);
    if ((await Promise.race([answer, late, this.#aborted])) === "late") throw new NoAnswer(ensemble);
  }

  #absent(): number[] {
    return this.#everybody().filter((candidate) => this.#context.board.status(candidate) === "out");
  }

  /**
   * Waits until every candidate certainly has settled. It is not enough that all look settled: a notification
   * may still be on its way. A session receives it before the answer to a later sync.
   */
  async #settle(timeoutMs: number, except: readonly number[] = []): Promise<boolean> {
    const deadline = performance.now() + timeoutMs;
    if (!(await this.#untilSettled(deadline, except))) return false;
    const present = this.#everybodyBut(except).filter(
      (candidate) => this.#context.board.status(candidate) !== "out",
    );
    // This includes the coordinator's own session, which then has no need to ping either.
    this.#caughtUp = { syncs: present.length + 1, at: performance.now() };
    const { ensemble, trial, pool } = this.#context;
    const caughtUp = patiently(ensemble, () => ensemble.session.sync(trial.election)).then(() =>
      pool.catchUp(present),
    );
    const late = delay(deadline - performance.now(), "late" as const, { ref: false });
    const troubles = await Promise.race([caughtUp, late, this.#aborted]);
    if (troubles === "late") return false;
    [this.#trouble] = troubles;
    return this.#untilSettled(deadline, except);
  }

  /**
   * Waits until all others have settled, and the victims have learned of their ends. If servers are down it may
   * take a victim long to find one that tells it, which does not concern the others.
   */
  async #untilSettled(deadline: number, victims: readonly number[]): Promise<boolean> {
    const { board, signal } = this.#context;
    for (;;) {
      const leftMs = deadline - performance.now();
      const patienceMs = victims.length === 0 ? leftMs : Math.min(leftMs, VICTIM_WITHIN_MS);
      if (await board.untilSettled(patienceMs, signal)) return true;
      if (signal.aborted) return false;
      const others = this.#everybodyBut(victims);
      if (others.every((candidate) => !isBusy(board.status(candidate)))) return true;
      if (performance.now() >= deadline) return false;
    }
  }

  #everybody(): number[] {
    return Array.from({ length: this.#context.options.candidates }, (_, candidate) => candidate);
  }

  /** Half of them may be victims. */
  #everybodyBut(some: readonly number[]): number[] {
    const left = new Set(some);
    return this.#everybody().filter((candidate) => !left.has(candidate));
  }

  /** The candidates in the election, the leader first. */
  #line(): number[] {
    return this.#everybody()
      .filter((candidate) => this.#context.board.status(candidate) !== "out")
      .map((candidate) => ({ candidate, name: "", sequence: this.#context.board.sequence(candidate) }))
      .sort(byAge)
      .map(({ candidate }) => candidate);
  }
}

/** Contenders of any program, by the numbers that the servers gave them. */
function standingAmong(children: readonly string[]): Contender[] {
  return children.flatMap((name) => {
    const sequence = sequenceIn(name);
    return sequence === undefined ? [] : { name, sequence };
  });
}

/** The length of a contender's path in this election. */
function pathBytes(election: string): number {
  return Buffer.byteLength(`${election}/${prefixOf("0".repeat(32))}0000000000`);
}
