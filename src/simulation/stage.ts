/**
 * The stage of a simulated run: a world, its candidates, the judge, and the acts on them. The player chooses;
 * the end is always the same: everything is healed, and there must be a leader; then all leave, and nothing may
 * be left.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { ElectionState } from "../election/election-events.ts";
import { everyMs } from "../election/pace.ts";
import { predecessor } from "../election/predecessor.ts";
import type { Scheme } from "../election/scheme.ts";
import { Judge } from "./judge.ts";
import { ELECTION, Participant, RESOURCE, SESSION_TIMEOUT_MS } from "./participant.ts";
import { reactions } from "./reactions.ts";
import type { Replica } from "./replica.ts";
import type { Act, Schedule } from "./schedule.ts";
import { ToldLine } from "./told-line.ts";
import { childrenOf, inFlight } from "./view.ts";
import { World, type WorldEvent } from "./world.ts";

/** Enough events, once everything is healed, for anything that settles at all. */
const PATIENCE_EVENTS = 20_000;
/** Long enough for a heartbeat, and for retries: nothing else is left if no session is still to expire. */
const BRIEFLY_MS = 200;
/** Refused calls are retried more and more slowly. */
const LONGEST_RETRY_MS = 5200;

const unsettled: readonly ElectionState["state"][] = [
  "joining",
  "looking",
  "suspended",
  "rejoining",
  "resigning",
];

/** Durations of `pass`, in session timeouts. */
const SPANS = [1 / 300, 1 / 40, 1 / 20, 3 / 40, 1 / 12, 1 / 6, 1 / 3, 1 / 2];

/** The settings of a stage. */
export type Setting = Omit<Schedule, "steps" | "schemes"> & { readonly schemes: readonly Scheme[] };

export class Stage {
  readonly world: World;
  readonly participants: Participant[] = [];
  readonly judge: Judge;
  /** What happened, line by line, if requested. */
  readonly timeline: string[] = [];
  /** The number of events that happened in the world. */
  events = 0;
  /**
   * How long to watch at the end: the longest life of a session that nobody hears from, and a new leader's
   * first acts.
   */
  readonly quietMs: number;
  #brieflyMs = BRIEFLY_MS;
  /** Whether some candidates may be far from their turn. */
  readonly #isAnyFar: boolean;
  /** Only where a timeline was asked for. */
  readonly #line: ToldLine | undefined;
  #toldLine = "";

  constructor(setting: Setting, timeline: "told" | "untold" = "untold") {
    if (timeline === "told") this.#line = new ToldLine(() => this.world.now);
    // A far candidate still has to renew its lease, and notices late that its own znode has gone.
    this.#isAnyFar = setting.near < setting.candidates;
    const renewalMs = this.#isAnyFar ? 2 * setting.tickTimeMs : 0;
    this.quietMs = SESSION_TIMEOUT_MS + 3 * setting.tickTimeMs + renewalMs;
    if (this.#isAnyFar)
      this.#brieflyMs =
        everyMs("far", SESSION_TIMEOUT_MS, setting.tickTimeMs) + SESSION_TIMEOUT_MS + renewalMs;
    this.world = new World(setting);
    this.judge = new Judge(this.world, this.participants, (line) => this.tell(line));
    for (let index = 0; index < setting.candidates; index++) {
      const scheme = setting.schemes[index % setting.schemes.length] ?? predecessor;
      const wanted = setting.joins[index % setting.joins.length] ?? "by-list";
      const join = scheme.watchesPredecessor === true ? wanted : "by-list";
      this.participants.push(
        new Participant(index, this.world, { ...setting, scheme, join, line: this.#line }, this.judge),
      );
    }
    const { operator } = this.world;
    operator.create(ELECTION);
    operator.create(RESOURCE);
    operator.numberFrom(ELECTION, setting.firstNumber);
    for (const participant of this.participants)
      participant.connectTo((participant.index + 1) % setting.replicas);
  }

  /** All join, and nothing else has happened yet. */
  async open(): Promise<void> {
    for (const participant of this.participants) participant.join();
    // Once in each run, so that timers and signals of the process that simulates have their turn.
    await nextTurn();
  }

  /** Performs an event, and its consequences in the candidates; then everything is checked. */
  async perform(event: WorldEvent): Promise<void> {
    this.events++;
    if (this.#line !== undefined) this.tell(`  ${eventText(event)}`);
    const { inputs } = this.world;
    this.world.perform(event);
    if (this.world.inputs !== inputs) await reactions();
    this.judge.check();
  }

  /**
   * Performs an act in the same way.
   * @param amount the size of an act that can be smaller or larger, from 0 to 7
   */
  async act(act: Exclude<Act, "pass">, who: number, amount: number): Promise<void> {
    if (act !== "wait") this.tell(`${act} ${who} ${amount}`);
    this.#act(act, who, amount);
    await reactions();
    this.judge.check();
  }

  /**
   * Goes on normally for a while: everything that may happen happens, in order, and time passes when nothing
   * else may.
   * @param amount how long, from 0 to 7
   * @param late events that happen only when nothing else may
   */
  async pass(amount: number, late: readonly WorldEvent["type"][]): Promise<void> {
    this.tell(`pass ${amount}`);
    const until = this.world.now + (SPANS[amount] ?? 0) * SESSION_TIMEOUT_MS;
    for (let done = 0; done < PATIENCE_EVENTS && this.judge.violation === undefined; done++) {
      const [first] = without(late, this.world.enabled());
      if (first === undefined || (first.type === "advance" && this.world.nextDueAt > until)) break;
      await this.perform(first);
    }
    this.world.waitUntil(until);
    this.judge.check();
  }

  /** The end of every run. The judge keeps what it finds. */
  async close(): Promise<void> {
    this.tell("all is healed");
    this.#heal();
    if (!(await this.untilQuiet(Math.max(this.quietMs, this.#brieflyMs)))) return;
    this.judge.checkQuiet(this.#isAnyFar ? "long" : "briefly");
    if (this.judge.violation !== undefined) return;
    this.tell("all leave");
    for (const participant of this.participants) participant.resign();
    if (!(await this.untilQuiet(0))) return;
    for (const participant of this.participants) participant.close();
    if (await this.untilQuiet(0)) this.judge.checkEmpty();
  }

  /**
   * Everything in flight arrives, in order, until nothing changes any more: for this long if a session is still
   * to expire, and briefly otherwise.
   */
  async untilQuiet(atLeastMs: number): Promise<boolean> {
    await reactions();
    const start = this.world.now;
    const until = start + atLeastMs;
    for (let done = 0; done < PATIENCE_EVENTS; done++) {
      if (this.judge.violation !== undefined) return false;
      const [first] = this.world.enabled();
      if (first === undefined) return true;
      const rests = first.type === "advance" && inFlight(this.world) === 0 && this.settled;
      const enough = this.#allThere ? Math.min(until, start + this.#brieflyMs) : until;
      if (rests && this.world.now >= enough) return true;
      await this.perform(first);
    }
    return true;
  }

  /** Whether the candidates have all existing sessions, and each of those is connected or over. */
  get #allThere(): boolean {
    const { sessions } = this.world.ensemble;
    let connected = 0;
    for (const { session } of this.participants) {
      if (session === undefined || session.state === "expired" || session.state === "closed") continue;
      if (session.state !== "connected" || !sessions.has(session.id)) return false;
      connected++;
    }
    return connected === sessions.size;
  }

  tell(line: string): void {
    if (this.#line === undefined) return;
    const { text } = this.#line;
    const at = `${this.world.now.toFixed(0).padStart(6)} ms`;
    if (text !== this.#toldLine) this.timeline.push(`${at}  line: ${text || "nobody"}`);
    this.#toldLine = text;
    this.timeline.push(`${at}  ${line}`);
  }

  /** Whether every candidate waits, leads, or is out. */
  get settled(): boolean {
    return this.participants.every(({ election }) => {
      const state = election?.state.state;
      return state === undefined || !unsettled.includes(state);
    });
  }

  /** See {@link Step.who}. */
  #candidate(who: number): Participant | undefined {
    const leading = who < 6 ? undefined : this.participants.find(({ term }) => term !== undefined);
    return leading ?? this.participants[who % this.participants.length];
  }

  #server(who: number): Replica | undefined {
    const { leader, replicas } = this.world.ensemble;
    const serving = who < 7 ? undefined : this.#candidate(who)?.session?.connection?.replica;
    return serving ?? (who === 6 ? leader : undefined) ?? replicas[who % replicas.length];
  }

  #act(act: Exclude<Act, "pass">, who: number, amount: number): void {
    const { faults, operator, ensemble } = this.world;
    const participant = this.#candidate(who);
    const replica = this.#server(who);
    if (participant === undefined || replica === undefined) return;
    const { client, session } = participant;
    // For a search that has to recognise states: commands to its program are inputs as well.
    client.note(act);
    switch (act) {
      case "wait":
        return;
      case "join":
        participant.join();
        return;
      case "resign":
        participant.resign();
        return;
      case "close":
        participant.close();
        return;
      case "give-up":
        participant.giveUp();
        return;
      case "write":
        participant.write();
        return;
      case "drop":
        if (session !== undefined) faults.drop(session, amount);
        return;
      case "cut":
      case "mute":
      case "deaf":
        faults.setNetwork(client, act);
        return;
      case "heal":
        faults.heal(client);
        return;
      case "freeze":
        faults.freeze(client);
        return;
      case "thaw":
        faults.thaw(client);
        return;
      case "kill":
        participant.die(amount);
        return;
      case "lose-pipe":
        faults.losePipe(client);
        return;
      case "pause-server":
        faults.pause(replica);
        return;
      case "resume-server":
        faults.resume(replica);
        return;
      case "crash-server":
        faults.crash(replica);
        return;
      case "restart-server":
        faults.restart(replica);
        return;
      case "throttle-server":
        replica.refusals = amount + 1;
        this.#brieflyMs = Math.max(this.#brieflyMs, LONGEST_RETRY_MS);
        this.judge.throttled(LONGEST_RETRY_MS);
        return;
      case "elect-server":
        faults.elect(replica);
        return;
      case "cut-link":
        faults.setLink(replica, "cut");
        return;
      case "mute-link":
        faults.setLink(replica, "mute");
        return;
      case "deaf-link":
        faults.setLink(replica, "deaf");
        return;
      case "heal-link":
        faults.healLink(replica);
        return;
      case "lose-link":
        faults.loseLink(replica, amount % 2 === 0 ? "apart" : "severed");
        return;
      case "end-session":
        if (session === undefined) return;
        this.judge.struck(session.id);
        faults.endSession(session);
        return;
      case "delete":
      case "scribble": {
        const contenders = childrenOf(this.world, ELECTION);
        const contender = contenders[amount % Math.max(1, contenders.length)];
        if (contender === undefined || !ensemble.available) return;
        const znode = `${ELECTION}/${contender.name}`;
        if (act === "scribble") operator.set(znode, "scribble");
        else {
          operator.remove(znode);
          this.judge.deleted(contender.name);
        }
        return;
      }
      case "wipe":
        if (!ensemble.available) return;
        for (const { name } of childrenOf(this.world, ELECTION)) {
          operator.remove(`${ELECTION}/${name}`);
          this.judge.deleted(name);
        }
        operator.remove(ELECTION);
        return;
      case "lose-data":
        this.judge.lostData();
        faults.loseData();
        return;
      case "leap":
        faults.leap((amount + 1) * (SESSION_TIMEOUT_MS / 4));
        return;
      default:
        act satisfies never;
    }
  }

  #heal(): void {
    const { faults, ensemble, clients } = this.world;
    for (const replica of ensemble.replicas) {
      faults.restart(replica);
      faults.resume(replica);
      faults.healLink(replica);
      replica.refusals = 0;
    }
    for (const client of clients) {
      faults.thaw(client);
      faults.heal(client);
    }
  }
}

/** Does nothing if nothing else may happen. */
export function without(
  late: readonly WorldEvent["type"][],
  events: readonly WorldEvent[],
): readonly WorldEvent[] {
  if (late.length === 0) return events;
  const others = events.filter(({ type }) => !late.includes(type));
  return others.length > 0 ? others : events;
}

function eventText(event: WorldEvent): string {
  switch (event.type) {
    case "take":
      return `the server takes a request of session ${event.session}`;
    case "deliver":
      return `session ${event.session} receives a message`;
    case "connect":
      return `session ${event.session} connects to server ${event.replica}`;
    case "fail":
      return `the calls of session ${event.session} fail`;
    case "refuse":
      return `session ${event.session} is refused`;
    case "timer":
      return `a timer of candidate ${event.client}`;
    case "hear-leader":
      return `server ${event.replica} hears its leader`;
    case "hear-follower":
      return `the leader hears server ${event.replica}`;
    case "apply":
      return `server ${event.replica} applies a transaction`;
    case "carry-out":
      return `the will of session ${event.session} ends it`;
    case "ping":
      return "the leader pings";
    case "join":
      return `server ${event.replica} joins the leader`;
    case "advance":
      return "time passes";
    default:
      return event satisfies never;
  }
}
