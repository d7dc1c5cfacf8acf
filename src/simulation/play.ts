/**
 * Plays a schedule: the real election of several candidates in a world where what the schedule says goes wrong. Then
 * all is healed, and there must be a leader; then all leave, and nothing may be left.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Scheme } from "../election/scheme.ts";
import { schemes } from "../election/scheme.ts";
import { Judge, type Violation } from "./judge.ts";
import { ELECTION, Participant, RESOURCE, SESSION_TIMEOUT_MS } from "./participant.ts";
import { Random } from "./random.ts";
import type { Schedule, Step } from "./schedule.ts";
import { childrenOf, inFlight } from "./view.ts";
import { World, type WorldEvent } from "./world.ts";

const TICK_MS = 200;

/** In the quiet after the last step, events enough for anything that settles at all. */
const PATIENCE_EVENTS = 6000;
/** So long the quiet lasts at least: the longest life of a session that nobody hears of, and a new leader's first acts. */
const QUIET_MS = SESSION_TIMEOUT_MS + 3 * TICK_MS;

export interface Played {
  readonly violation: Violation | undefined;
  /** Events of the world that happened. */
  readonly events: number;
  /** What happened, line by line: only where it was asked for. */
  readonly timeline: readonly string[];
}

export interface PlayOptions {
  readonly timeline?: boolean;
  /** In the place of the schedule's own, for a scheme that is wrong on purpose. */
  readonly scheme?: Scheme;
}

export async function play(schedule: Schedule, options: PlayOptions = {}): Promise<Played> {
  const stage = new Stage(schedule, options);
  await stage.play();
  return { violation: stage.judge.violation, events: stage.events, timeline: stage.timeline };
}

class Stage {
  readonly judge: Judge;
  readonly timeline: string[] = [];
  events = 0;
  readonly #schedule: Schedule;
  readonly #world: World;
  readonly #participants: Participant[] = [];
  readonly #tells: boolean;

  constructor(schedule: Schedule, { timeline = false, scheme = schemes[schedule.scheme] }: PlayOptions) {
    this.#schedule = schedule;
    this.#tells = timeline;
    this.#world = new World({ replicas: schedule.replicas, tickTimeMs: TICK_MS });
    this.judge = new Judge(this.#world, this.#participants, (line) => this.#tell(line));
    for (let index = 0; index < schedule.candidates; index++) {
      this.#participants.push(new Participant(index, this.#world, schedule, scheme, this.judge));
    }
    const { operator } = this.#world;
    operator.create(ELECTION);
    operator.create(RESOURCE);
    operator.numberFrom(ELECTION, schedule.firstNumber);
    for (const participant of this.#participants)
      participant.connectTo(participant.index % schedule.replicas);
  }

  async play(): Promise<void> {
    for (const participant of this.#participants) participant.join();
    await nextTurn();
    for (const step of this.#schedule.steps) {
      this.#act(step);
      // Whoever has led goes on acting, whether it still may or not.
      if (step.choice % 3 === 0) this.#participants[step.amount % this.#participants.length]?.write();
      await nextTurn();
      this.judge.check();
      const random = new Random(step.choice);
      for (let done = 0; done < step.events && this.judge.violation === undefined; done++) {
        const event = this.#choose(random);
        if (event === undefined) break;
        await this.#perform(event);
      }
      if (this.judge.violation !== undefined) return;
    }
    this.#tell("all is healed");
    this.#heal();
    if (!(await this.#untilQuiet(QUIET_MS))) return;
    this.judge.checkQuiet();
    if (this.judge.violation !== undefined) return;
    this.#tell("all leave");
    for (const participant of this.#participants) participant.resign();
    if (!(await this.#untilQuiet(0))) return;
    for (const participant of this.#participants) participant.close();
    if (await this.#untilQuiet(0)) this.judge.checkEmpty();
  }

  /** Time passes seldom while something else may happen: messages are faster than clocks. */
  #choose(random: Random): WorldEvent | undefined {
    const events = this.#world.enabled();
    const last = events.at(-1);
    if (last === undefined || events.length === 1) return last;
    if (last.type === "advance" && random.below(8) > 0) return events[random.below(events.length - 1)];
    return events[random.below(events.length)];
  }

  async #perform(event: WorldEvent): Promise<void> {
    this.events++;
    if (this.#tells) this.#tell(eventText(event));
    this.#world.perform(event);
    // What a replica does for itself settles no promise.
    if (event.type !== "take" && event.type !== "apply") await nextTurn();
    this.judge.check();
  }

  /** All that is under way arrives, in order, and time passes until nothing changes any more. */
  async #untilQuiet(atLeastMs: number): Promise<boolean> {
    await nextTurn();
    const until = this.#world.now + atLeastMs;
    for (let done = 0; done < PATIENCE_EVENTS; done++) {
      if (this.judge.violation !== undefined) return false;
      const events = this.#world.enabled();
      const [first] = events;
      if (first === undefined) return true;
      const rests = first.type === "advance";
      if (rests && this.#world.now >= until && inFlight(this.#world) === 0 && this.#allSettled()) return true;
      await this.#perform(first);
    }
    return true;
  }

  #allSettled(): boolean {
    return this.#participants.every(({ election }) => {
      const state = election?.state.state;
      return state !== "joining" && state !== "looking" && state !== "suspended" && state !== "rejoining";
    });
  }

  #act(step: Step): void {
    const { act, who, amount } = step;
    const { faults, operator, ensemble } = this.#world;
    const participant = this.#participants[who % this.#participants.length];
    const replica = ensemble.replicas[who % ensemble.replicas.length];
    if (participant === undefined || replica === undefined) return;
    const { client, session } = participant;
    if (this.#tells && act !== "wait")
      this.#tell(`${act} ${act.endsWith("server") ? replica.index : participant.index}`);
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
      case "elect-server":
        faults.elect(replica);
        return;
      case "end-session":
        if (session === undefined) return;
        this.judge.struck(session.id);
        faults.endSession(session);
        return;
      case "delete":
      case "scribble": {
        const contenders = childrenOf(this.#world, ELECTION);
        const contender = contenders[amount % Math.max(1, contenders.length)];
        if (contender === undefined) return;
        const znode = `${ELECTION}/${contender.name}`;
        if (act === "scribble") operator.set(znode, "scribble");
        else if (ensemble.available) {
          operator.remove(znode);
          this.judge.deleted(contender.name);
        }
        return;
      }
      case "wipe":
        if (!ensemble.available) return;
        for (const { name } of childrenOf(this.#world, ELECTION)) {
          operator.remove(`${ELECTION}/${name}`);
          this.judge.deleted(name);
        }
        operator.remove(ELECTION);
        return;
      case "leap":
        faults.leap((amount + 1) * (SESSION_TIMEOUT_MS / 4));
        return;
      default:
        act satisfies never;
    }
  }

  #heal(): void {
    const { faults, ensemble, clients } = this.#world;
    for (const replica of ensemble.replicas) {
      faults.restart(replica);
      faults.resume(replica);
    }
    for (const client of clients) {
      faults.thaw(client);
      faults.heal(client);
    }
  }

  #tell(line: string): void {
    if (this.#tells) this.timeline.push(`${String(this.#world.now).padStart(6)} ms  ${line}`);
  }
}

function eventText(event: WorldEvent): string {
  switch (event.type) {
    case "take":
      return `  the server takes a request of session ${event.session}`;
    case "deliver":
      return `  session ${event.session} receives a message`;
    case "connect":
      return `  session ${event.session} connects to server ${event.replica}`;
    case "fail":
      return `  the calls of session ${event.session} fail`;
    case "refuse":
      return `  session ${event.session} is refused`;
    case "timer":
      return `  a timer of candidate ${event.client}`;
    case "apply":
      return `  server ${event.replica} applies a transaction`;
    case "advance":
      return "  time passes";
    default:
      return event satisfies never;
  }
}
