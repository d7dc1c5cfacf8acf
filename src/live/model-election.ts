/** One election on the model: its candidates, and the strikes on them. */
import { Election } from "../election/election.ts";
import { Fenced, fence } from "../election/fence.ts";
import type { Scheme } from "../election/scheme.ts";
import { COORDINATOR, type Event } from "../history/event.ts";
import type { ModelClient } from "../simulation/model-client.ts";
import type { ModelSession } from "../simulation/model-session.ts";
import { reactions } from "../simulation/reactions.ts";
import { nanoseconds, tellElection } from "../simulation/told-election.ts";
import { childrenOf } from "../simulation/view.ts";
import { World } from "../simulation/world.ts";
import type { Blow, Deed, Happening, Strike } from "./ground.ts";
import { Pace } from "./pace.ts";

const PATH = "/election";
/** The resource that leaders write to, with their tokens. */
const RESOURCE = "/resource";
/** ZooKeeper's sample configuration, and a session timeout of three ticks. */
const TICK_MS = 2000;
export const SESSION_TIMEOUT_MS = 3 * TICK_MS;
/** Anything settles within this, even a candidate that has to come back with a new session. */
const PATIENCE_MS = 10 * SESSION_TIMEOUT_MS;

interface Candidate {
  readonly number: number;
  readonly client: ModelClient;
  readonly election: Election;
  /** `dead` processes never go on; whoever has `left` closed its session or resigned. */
  state: "stands" | "frozen" | "cut" | "dead" | "left";
}

export class ModelElection {
  readonly #world = new World({ tickTimeMs: TICK_MS });
  readonly #pace = new Pace(this.#world);
  readonly #scheme: Scheme;
  readonly #tell: (happening: Happening) => void;
  readonly #candidates: Candidate[] = [];
  /** Contenders that stand on the ensemble, by their names. */
  #standing = new Map<string, number>();
  /** The number of transactions that {@link #standing} shows. */
  #seen = 0;
  #failovers = 0;
  /** Another service's session: a leader's writes go there, however its own session fares. */
  readonly #store: ModelSession;

  constructor(scheme: Scheme, tell: (happening: Happening) => void) {
    this.#scheme = scheme;
    this.#tell = tell;
    this.#world.operator.create(PATH);
    this.#world.operator.create(RESOURCE);
    this.#store = this.#world.newClient().openAt(0, SESSION_TIMEOUT_MS);
  }

  /** One after the other, so that the numbers in line are the candidates' own. */
  async begin(candidates: number): Promise<void> {
    for (let joined = 0; joined < candidates; joined++) {
      this.#join();
      await this.#settle();
    }
    this.#settled();
  }

  async strike(strike: Strike): Promise<void> {
    this.#failovers++;
    switch (strike.act) {
      case "join":
        this.#struck(this.#candidates.length, "join");
        this.#join();
        break;
      case "heal":
        this.#heal();
        break;
      case "kill-server":
      case "restart-server":
      case "pause-server":
      case "next":
        throw new Error(`${strike.act} is not for a model`);
      default: {
        const candidate = this.#inLine[strike.place];
        if (candidate !== undefined) this.#strike(candidate, strike.act);
      }
    }
    await this.#settle();
    this.#settled();
  }

  /** Those who stand on the ensemble, the oldest first. */
  get #inLine(): Candidate[] {
    return childrenOf(this.#world, PATH).flatMap(({ name }) => {
      const number = this.#standing.get(name);
      return number === undefined ? [] : (this.#candidates[number] ?? []);
    });
  }

  #join(): void {
    const number = this.#candidates.length;
    const client = this.#world.newClient();
    const session = client.openAt(0, SESSION_TIMEOUT_MS);
    const election = new Election(session, {
      path: PATH,
      scheme: this.#scheme,
      tickTimeMs: TICK_MS,
      rejoin: true,
      runtime: client,
    });
    this.#candidates.push({ number, client, election, state: "stands" });
    tellElection(number, election, () => this.#world.now, this.#tell);
    election.on("claimed", ({ token }) => void this.#write(number, token));
    // How a campaign ends is told by events.
    election.campaign().catch(() => undefined);
  }

  #strike(candidate: Candidate, blow: Blow): void {
    const { number, client, election } = candidate;
    const session = election.session as ModelSession;
    const { term } = election;
    this.#struck(number, blow);
    switch (blow) {
      case "resign":
        candidate.state = "left";
        election.resign().catch(() => undefined);
        return;
      case "close":
        candidate.state = "left";
        session.close().catch(() => undefined);
        return;
      case "kill":
        candidate.state = "dead";
        if (term !== undefined)
          this.#event(number, { type: "ended", sequence: term.contender.sequence, reason: "died" });
        this.#world.faults.kill(client);
        return;
      case "freeze":
        candidate.state = "frozen";
        if (term !== undefined) this.#event(number, { type: "leased", until: nanoseconds(term.validUntil) });
        this.#world.faults.freeze(client);
        return;
      case "cut":
        candidate.state = "cut";
        if (term !== undefined) this.#event(number, { type: "leased", until: nanoseconds(term.validUntil) });
        this.#world.faults.cut(client);
        return;
      default:
        blow satisfies never;
    }
  }

  #heal(): void {
    for (const candidate of this.#candidates) {
      const { number, client, election, state } = candidate;
      if (state !== "frozen" && state !== "cut") continue;
      candidate.state = "stands";
      this.#struck(number, "heal");
      this.#world.faults.heal(client);
      if (state === "cut") continue;
      const { term } = election;
      const lease = term === undefined ? "none" : term.valid ? "valid" : "lapsed";
      this.#event(number, { type: "thawed", lease });
      this.#world.faults.thaw(client);
      // It stood still between its look at the lease and its write: the worst moment.
      if (term !== undefined) void this.#write(number, term.token);
    }
  }

  async #write(candidate: number, token: number): Promise<void> {
    try {
      const { version } = await fence(token).write(this.#store, RESOURCE, "");
      this.#event(candidate, { type: "wrote", czxid: token, version });
    } catch (error) {
      if (!(error instanceof Fenced)) throw error;
      this.#event(candidate, { type: "refused", czxid: token });
    }
  }

  /** Goes on until nothing is left of the last strike but heartbeats. */
  async #settle(): Promise<void> {
    const until = this.#world.now + PATIENCE_MS;
    await reactions();
    while (!this.#isQuiet && this.#world.now < until) {
      await this.#pace.step();
      this.#look();
    }
  }

  get #isQuiet(): boolean {
    if (this.#pace.inFlight > 0) return false;
    return this.#candidates.every(({ state, election }) => {
      switch (state) {
        case "stands":
          return ["waiting", "heir", "leading"].includes(election.state.state);
        case "left":
          return ["idle", "over"].includes(election.state.state);
        case "frozen":
        case "cut":
        case "dead":
          return !this.#world.ensemble.sessions.has(election.session.id);
        default:
          return state satisfies never;
      }
    });
  }

  /** Tells which contenders have gone. */
  #look(): void {
    const { zxid } = this.#world.ensemble;
    if (zxid === this.#seen) return;
    this.#seen = zxid;
    const before = this.#standing;
    this.#standing = new Map();
    for (const { name, owner } of childrenOf(this.#world, PATH)) {
      const number =
        before.get(name) ?? this.#candidates.findIndex(({ election }) => election.session.id === owner);
      this.#standing.set(name, number);
    }
    for (const [name, candidate] of before) {
      if (this.#standing.has(name)) continue;
      const sequence = Number(name.slice(-10));
      this.#tell({ type: "gone", at: nanoseconds(this.#world.now), candidate, sequence });
    }
  }

  #struck(candidate: number, act: Deed): void {
    this.#tell({ type: "struck", at: nanoseconds(this.#world.now), candidate, act });
  }

  #settled(): void {
    this.#event(COORDINATOR, { type: "settled", failover: this.#failovers });
  }

  #event(candidate: number, event: DistributiveOmit<Event, "at" | "candidate">): void {
    this.#tell({ at: nanoseconds(this.#world.now), candidate, ...event } as Event);
  }
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
