/**
 * Every interleaving of a few candidates that join together and whose leader then resigns, with a bounded
 * number of faults, each at every possible moment. Each run starts from the beginning and repeats the choices
 * of the previous run up to the last one that had another alternative: a depth-first search, without a way to
 * copy the state of a running election.
 *
 * What is left out, and why this loses nothing:
 * - A state that was met before is not continued. The state consists of the world's state and, for each
 *   candidate, all of its inputs so far, since an election is a function of its inputs: two runs that agree in
 *   both have the same future. So interleavings that differ only in the order of unrelated events meet again.
 * - A client receives at once whatever it can receive, and its timers fire at once, one client after the other.
 *   That changes that client alone, and adds to what it has sent: it commutes with everything that another
 *   client or the server does. Receiving it later is one of the faults: to freeze. Never receiving it is
 *   another: to lose the connection. Both are tried before each receipt.
 * - A server takes at once what concerns only the client that asks: syncs, pings, and reads of its own
 *   contender, which nobody else writes or deletes. Only faults do, and these are tried before.
 * - As long as nothing has gone wrong, the candidates join in the order of their numbers: they are alike.
 * - Time passes when nothing else can happen. If it passed earlier, messages would be slow: again this is to
 *   freeze, until sessions have expired.
 *
 * There is one server: random walks try what several of them add.
 */
import type { SuspendedPolicy } from "../election/candidacy-context.ts";
import type { JoinMode } from "../election/join-mode.ts";
import { NEAR } from "../election/landmarks.ts";
import { type SchemeName, schemes } from "../election/schemes.ts";
import type { Violation } from "./judge.ts";
import { reactions } from "./reactions.ts";
import type { Act } from "./schedule.ts";
import { Stage } from "./stage.ts";
import { committed, digestOf, inFlight } from "./view.ts";
import type { WorldEvent } from "./world.ts";

export interface Search {
  readonly scheme: SchemeName;
  readonly candidates: number;
  readonly faults: number;
  readonly suspendedPolicy: SuspendedPolicy;
  /** @default "by-list" */
  readonly join?: JoinMode;
}

export interface Searched {
  /** Distinct states in which there was a choice, or a run ended. */
  readonly states: number;
  readonly runs: number;
  readonly seconds: number;
  readonly found: { readonly violation: Violation; readonly timeline: readonly string[] } | undefined;
}

const fixed = {
  replicas: 1,
  rejoin: false,
  wills: false,
  firstNumber: 0,
  sequenceOverflow: "wraps",
  tickTimeMs: 200,
  near: NEAR,
  seed: 1,
} as const;

/** What can go wrong with a candidate, at any moment. */
const faults = [
  /** The connection is lost: with everything in flight, or with the answers alone. */
  { act: "drop", amount: 0 },
  { act: "drop", amount: 7 },
  { act: "freeze", amount: 0 },
  { act: "end-session", amount: 0 },
  { act: "delete", amount: 0 },
  { act: "resign", amount: 0 },
] as const satisfies readonly { act: Act; amount: number }[];

type Fault = (typeof faults)[number]["act"];

type Choice =
  | { readonly type: "event"; readonly event: WorldEvent }
  | { readonly type: "fault"; readonly act: Fault; readonly who: number; readonly amount: number }
  /** A frozen candidate wakes: at once, or after its session has expired. */
  | { readonly type: "thaw"; readonly after: "no time" | "expiry" }
  /** The leader resigns, in the quiet after all have joined. */
  | { readonly type: "resign" }
  | { readonly type: "end" };

type Take = Extract<WorldEvent, { type: "take" }>;

/** A choice of a run that had alternatives, or its end: which one was taken, of how many. */
interface Taken {
  taken: number;
  readonly of: number;
}

export async function search(search: Search): Promise<Searched> {
  const start = performance.now();
  // The random walks do the same.
  Error.stackTraceLimit = 0;
  const seen = new Set<string>();
  const path: Taken[] = [];
  let runs = 0;
  for (;;) {
    runs++;
    const run = new Run(search, path, seen);
    await run.go();
    const { violation } = run.stage.judge;
    const seconds = (performance.now() - start) / 1000;
    if (violation !== undefined) {
      const again = new Run(search, path, new Set(), "told");
      await again.go();
      return { states: seen.size, runs, seconds, found: { violation, timeline: again.stage.timeline } };
    }
    while ((path.at(-1)?.taken ?? 0) + 1 >= (path.at(-1)?.of ?? Number.POSITIVE_INFINITY)) path.pop();
    const last = path.at(-1);
    if (last === undefined) return { states: seen.size, runs, seconds, found: undefined };
    last.taken++;
  }
}

class Run {
  readonly stage: Stage;
  readonly #search: Search;
  readonly #path: Taken[];
  readonly #seen: Set<string>;
  readonly #budget: { faults: number; resigned: "yet to come" | "done" };
  /** The number of choices so far that are in the path. */
  #depth = 0;

  constructor(search: Search, path: Taken[], seen: Set<string>, timeline: "told" | "untold" = "untold") {
    const { scheme, join = "by-list" } = search;
    const setting = { ...search, ...fixed, schemes: [schemes[scheme]], joins: [join] };
    this.stage = new Stage(setting, timeline);
    this.#search = search;
    this.#path = path;
    this.#seen = seen;
    this.#budget = { faults: search.faults, resigned: "yet to come" };
  }

  async go(): Promise<void> {
    await this.stage.open();
    while (this.stage.judge.violation === undefined) {
      const choice = this.#choose(this.#choices());
      if (choice === undefined) return;
      if (choice.type === "end") return this.stage.close();
      await this.#do(choice);
    }
  }

  /** `undefined` if everything that follows has been seen. */
  #choose(choices: readonly Choice[]): Choice | undefined {
    // Many runs end in the same state, and an end is long.
    if (choices.length === 1 && choices[0]?.type !== "end") return choices[0];
    const known = this.#path[this.#depth];
    this.#depth++;
    if (known !== undefined) return choices[known.taken];
    const { faults, resigned } = this.#budget;
    const state = `${faults} ${resigned} ${digestOf(this.stage.world)}`;
    if (this.#seen.has(state)) return undefined;
    this.#seen.add(state);
    this.#path.push({ taken: 0, of: choices.length });
    return choices[0];
  }

  #choices(): Choice[] {
    const events = this.stage.world.enabled();
    const choices: Choice[] = [];
    const frozen = this.stage.participants.some(({ client }) => !client.runs);
    const atOnce = events.find(({ type }) => type !== "take" && type !== "advance");
    const takes = this.#unlike(events.filter((event) => event.type === "take"));
    const own = takes.find((event) => this.#isOwnAffair(event));
    if (own !== undefined && atOnce === undefined) choices.push({ type: "event", event: { ...own } });
    else if (atOnce !== undefined) choices.push({ type: "event", event: atOnce });
    else if (takes.length > 0)
      for (const event of takes) choices.push({ type: "event", event: { ...event } });
    else if (frozen) choices.push({ type: "thaw", after: "no time" }, { type: "thaw", after: "expiry" });
    else if (inFlight(this.stage.world) > 0 || !this.stage.settled)
      choices.push({ type: "event", event: { type: "advance" } });
    else choices.push(this.#budget.resigned === "done" ? { type: "end" } : { type: "resign" });
    if (this.#budget.faults > 0) this.#addFaults(choices);
    return choices;
  }

  /** Keeps only the first of several candidates that would join. */
  #unlike(takes: readonly Take[]): readonly Take[] {
    if (this.#budget.faults < this.#search.faults) return takes;
    const [first, ...others] = takes.filter((take) => this.#requestOf(take).request?.operation === "create");
    return takes.filter((take) => take === first || !others.includes(take));
  }

  #requestOf({ session: index, connection: ordinal }: Take) {
    const connection = this.stage.world.sessions[index]?.connections.find((one) => one.ordinal === ordinal);
    return { request: connection?.toServer[0], sessionId: connection?.sessionId };
  }

  #isOwnAffair(take: Take): boolean {
    const { request, sessionId } = this.#requestOf(take);
    switch (request?.operation) {
      case "sync":
      case "ping":
        return true;
      case "exists":
      case "get":
        return committed(this.stage.world).get(request.path)?.owner === sessionId;
      default:
        return false;
    }
  }

  #addFaults(choices: Choice[]): void {
    for (const { index, client, session, election } of this.stage.participants) {
      if (!client.runs || session?.state === "expired" || session?.state === "closed") continue;
      for (const fault of faults) {
        if (fault.act === "resign" && election?.state.state === "idle") continue;
        choices.push({ type: "fault", who: index, ...fault });
      }
    }
  }

  async #do(choice: Exclude<Choice, { type: "end" }>): Promise<void> {
    const { stage } = this;
    switch (choice.type) {
      case "event":
        return stage.perform(choice.event);
      case "fault":
        this.#budget.faults--;
        return stage.act(choice.act, choice.who, choice.act === "delete" ? choice.who : choice.amount);
      case "thaw":
        if (choice.after === "expiry" && !(await stage.untilQuiet(stage.quietMs))) return;
        for (const { index, client } of stage.participants)
          if (!client.runs) await stage.act("thaw", index, 0);
        return;
      case "resign": {
        this.#budget.resigned = "done";
        const leader = stage.participants.find(({ term }) => term !== undefined);
        if (leader !== undefined) await stage.act("resign", leader.index, 0);
        return reactions();
      }
      default:
        choice satisfies never;
    }
  }
}
