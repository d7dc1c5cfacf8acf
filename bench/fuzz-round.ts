/**
 * One round of the fuzz, in a separate process: a few sessions and elections on one path, and inside each
 * callback and event an act drawn from the seed (fuzz-acts.ts). At the end all is left and closed.
 *
 * Argument: {@link RoundOptions} as JSON. Standard output: one {@link RoundMessage} per line, written at once,
 * so that its acts are known even if the process was aborted.
 */
import { setTimeout as delay } from "node:timers/promises";
import { CampaignEnded } from "../src/election/connection.ts";
import { Election } from "../src/election/election.ts";
import type { ElectionEvents } from "../src/election/election-events.ts";
import { schemeNames, schemes } from "../src/election/schemes.ts";
import { Random } from "../src/simulation/random.ts";
import { ZooKeeperError } from "../src/zookeeper/errors.ts";
import { openSession } from "../src/zookeeper/open-session.ts";
import type { Session } from "../src/zookeeper/session.ts";

export type Act = (round: Round) => void;

/** Acts by name; those of a higher weight are drawn more often. */
export type Acts = Readonly<Record<string, { readonly weight: number; readonly act: Act }>>;

export interface RoundOptions {
  readonly seed: number;
  /** Connect strings of relays that the parent holds: a session that closes waits for them. */
  readonly relays: readonly string[];
  readonly path: string;
  readonly tickTimeMs: number;
}

export type RoundMessage =
  | { readonly type: "act"; readonly act: string; readonly inside: string }
  /** A command for the relay of this number: reset its connections, cut them off, or heal them. */
  | { readonly type: "reset" | "cut" | "heal"; readonly relay: number }
  | Verdict;

export interface Verdict {
  readonly type: "over";
  /** Events that must not have happened; none if all is well. */
  readonly wrong: readonly string[];
}

const LASTS_MS = 2000;
/** The maximum number of acts, since each leads to the next. */
const ACTS = 1000;
/** The limit for leaving and closing, on a busy machine. */
const CLOSES_WITHIN_MS = 20_000;
const TIMEOUTS_MS = [600, 2000, 6000];
/**
 * A client that has tried all servers of its list rests for a third of its timeout: a long list avoids that.
 */
const LISTED = 20;

/** How often something is done inside an event: one time in this many. */
const EVENTS = {
  creating: 4,
  created: 2,
  reading: 4,
  read: 4,
  armed: 2,
  notified: 2,
  claimed: 2,
  announced: 2,
  beat: 10,
  ended: 2,
  removing: 2,
  removed: 2,
  rejoined: 2,
  state: 3,
  lost: 2,
  leader: 2,
  failed: 2,
  trouble: 2,
} satisfies Record<keyof ElectionEvents, number>;

/** Stops a loop or a campaign. */
class Stopped extends Error {}

export class Round {
  readonly random: Random;
  readonly sessions: Session[] = [];
  readonly elections: Election[] = [];
  readonly stops: AbortController[] = [];
  /** Znodes that were seen or created. */
  readonly znodes: string[] = [];
  readonly path: string;
  readonly #options: RoundOptions;
  readonly #pending = new Set<{ readonly what: string }>();
  readonly #wrong = new Set<string>();
  readonly #all: Acts;
  #acts = 0;
  #over = false;

  constructor(options: RoundOptions, acts: Acts) {
    this.#all = acts;
    this.#options = options;
    this.path = options.path;
    this.random = new Random(options.seed);
  }

  /** Sessions that have not ended. */
  get living(): Session[] {
    return this.sessions.filter(({ state }) => state !== "closed" && state !== "expired");
  }

  /** Elections that are not over; they may have resigned. */
  get standing(): Election[] {
    return this.elections.filter(({ state }) => state.state !== "over");
  }

  /** One of these at random, or none if there is none. */
  any<T>(of: readonly T[]): T | undefined {
    return of[this.random.below(of.length)];
  }

  /** Does something, one time in this many: now, in a microtask, or in the loop's next turn. */
  act(inside: string, oneIn = 2): void {
    if (this.#over || this.#acts >= ACTS || this.random.below(oneIn) > 0) return;
    this.#acts++;
    const [name, act] = drawn(this.#all, this.random);
    const now = () => {
      if (this.#over) return;
      say({ type: "act", act: name, inside });
      try {
        act(this);
      } catch (error) {
        this.#judge(`${name} throws`, error);
      }
    };
    const when = this.random.below(4);
    if (when < 2) now();
    else if (when === 2) queueMicrotask(now);
    else setImmediate(now);
  }

  /** Follows up on a started call; an error is as good as a value, if it is a documented one. */
  follow(what: string, promise: Promise<unknown>): void {
    const entry = { what };
    this.#pending.add(entry);
    promise
      .catch((error) => this.#judge(what, error))
      .then(() => {
        this.#pending.delete(entry);
        this.act(`after ${what}`);
      });
  }

  wrong(what: string): void {
    this.#wrong.add(what);
  }

  stop(): AbortSignal {
    const stop = new AbortController();
    this.stops.push(stop);
    if (this.#over) stop.abort(new Stopped());
    return stop.signal;
  }

  abort(stop: AbortController | undefined): void {
    stop?.abort(new Stopped());
  }

  network(type: "reset" | "cut" | "heal"): void {
    say({ type, relay: this.random.below(this.#options.relays.length) });
  }

  async open(): Promise<void> {
    const relay = this.any(this.#options.relays);
    const connect = Array(LISTED).fill(relay).join(",");
    const timeoutMs = this.any(TIMEOUTS_MS) ?? 2000;
    this.#keep(await openSession({ connect, timeoutMs }));
  }

  elect(): void {
    const session = this.any(this.living);
    if (session === undefined) return;
    const election = new Election(session, {
      path: this.path,
      scheme: schemes[this.any(schemeNames) ?? "heir"],
      suspendedPolicy: this.random.below(2) === 0 ? "strict" : "session",
      rejoin: this.random.below(2) === 0,
      tickTimeMs: this.#options.tickTimeMs,
    });
    this.elections.push(election);
    const events = Object.entries(EVENTS) as [keyof ElectionEvents, number][];
    for (const [event, oneIn] of events) election.on(event, () => this.act(event, oneIn));
    election.on("created", ({ name }) => this.znodes.push(`${this.path}/${name}`));
    election.on("rejoined", (session) => this.#keep(session));
    this.follow("campaign", election.campaign({ signal: this.stop() }));
  }

  async run(): Promise<void> {
    process.on("unhandledRejection", (error) => this.#wrong.add(`not handled: ${told(error)}`));
    process.on("uncaughtException", (error) => this.#wrong.add(`not caught: ${told(error)}`));
    await Promise.all([this.open(), this.open()]);
    for (let n = 0; n < 4; n++) this.elect();
    for (const end = performance.now() + LASTS_MS; performance.now() < end; ) {
      this.act("a timer", 1);
      await delay(this.random.below(10));
    }
    this.#over = true;
    for (const relay of this.#options.relays.keys()) say({ type: "heal", relay });
    const late = AbortSignal.timeout(CLOSES_WITHIN_MS);
    const tooLate = new Promise<void>((resolve) => late.addEventListener("abort", () => resolve()));
    await Promise.race([this.#close(), tooLate]);
    for (const { what } of this.#pending) this.#wrong.add(`never settled: ${what}`);
    say({ type: "over", wrong: [...this.#wrong] });
  }

  #keep(session: Session): void {
    this.sessions.push(session);
    session.on("state", (state) => this.act(`session ${state}`));
    if (this.#over) this.follow("close", session.close());
  }

  async #close(): Promise<void> {
    for (const stop of this.stops) this.abort(stop);
    for (const election of this.elections) this.follow("leave", election[Symbol.asyncDispose]());
    // Sessions that are still being opened, or replaced after an expiry, close as soon as they are there.
    while (this.#pending.size > 0) await delay(5);
    for (const session of this.sessions) this.follow("close", session.close());
    while (this.#pending.size > 0) await delay(5);
  }

  #judge(what: string, error: unknown): void {
    const promised =
      error instanceof ZooKeeperError || error instanceof CampaignEnded || error instanceof Stopped;
    if (!promised) this.#wrong.add(`${what}: ${told(error)}`);
  }
}

function drawn(acts: Acts, random: Random): readonly [name: string, act: Act] {
  const all = Object.entries(acts);
  let left = random.below(all.reduce((sum, [, { weight }]) => sum + weight, 0));
  for (const [name, { weight, act }] of all) {
    left -= weight;
    if (left < 0) return [name, act];
  }
  throw new Error("some act is drawn");
}

function told(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : `not an Error: ${String(error)}`;
}

function say(message: RoundMessage): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}
