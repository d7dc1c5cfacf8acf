/** A candidate of a test: its session, its election, and all of its phases, in order. */
import { once } from "node:events";
import { Election } from "../election/election.ts";
import type { ElectionState } from "../election/election-events.ts";
import type { ElectionOptions } from "../election/election-options.ts";
import type { Term } from "../election/term.ts";
import type { TcpRelay } from "../network/tcp-relay.ts";
import type { Session } from "../zookeeper/session.ts";
import type { Referee, Tenure } from "./referee.ts";

/** No step takes this long on any machine: a longer wait is endless. */
const PATIENCE_MS = 60_000;

export class TestCandidate {
  readonly election: Election;
  /** The relay between its session and the server, if there is one. */
  readonly relay: TcpRelay | undefined;
  readonly terms: readonly Tenure[];
  /** Phases such as `reading: joined`, `ended: deleted`. */
  readonly phases: string[] = [];
  /** The first session, and those that it opened when one had expired. */
  readonly sessions: Session[];
  /** The names of its contenders, the latest last. */
  readonly names: string[] = [];

  constructor(session: Session, options: ElectionOptions, referee: Referee, relay?: TcpRelay) {
    this.election = new Election(session, options);
    this.relay = relay;
    this.sessions = [session];
    this.terms = referee.watch(this.election);
    this.election.on("created", ({ name }) => this.names.push(name));
    this.election.on("rejoined", (rejoined) => this.sessions.push(rejoined));
    for (const phase of ["creating", "created", "claimed", "announced", "removed", "rejoined"] as const) {
      this.election.on(phase, () => this.phases.push(phase));
    }
    this.election.on("notified", (_, event) => this.phases.push(`notified: ${event}`));
    this.election.on("reading", (cause) => this.phases.push(`reading: ${cause}`));
    this.election.on("ended", (_, reason) => this.phases.push(`ended: ${reason}`));
  }

  get session(): Session {
    return this.election.session;
  }

  get state(): ElectionState {
    return this.election.state;
  }

  /** The name of its current contender. */
  get name(): string {
    const name = this.names.at(-1);
    if (name === undefined) throw new Error("this candidate has made no contender yet");
    return name;
  }

  /** The znode that it watches according to its state. */
  get watches(): string | undefined {
    if (this.state.state !== "waiting" && this.state.state !== "heir") return undefined;
    return this.state.watching === "children" ? "children" : this.state.watching.name;
  }

  get connection(): TcpRelay {
    if (this.relay === undefined) throw new Error("this candidate is connected without a relay");
    return this.relay;
  }

  /** Campaigns, and waits until it leads or waits. */
  async join(): Promise<this> {
    this.election.campaign().catch(() => undefined);
    await this.until("leading", "waiting", "heir");
    return this;
  }

  async leads(): Promise<Term> {
    await this.until("leading");
    if (this.state.state !== "leading") throw new Error("it led for an instant");
    return this.state.term;
  }

  /** Waits behind this one. */
  async waitsBehind({ name }: { readonly name: string }): Promise<void> {
    await this.reaches(`waits behind ${name}`, () => this.watches === name);
  }

  /** Waits until its lease is as long as it gets. */
  async beats(): Promise<void> {
    for (let beat = 0; beat < 6; beat++)
      await once(this.election, "beat", { signal: AbortSignal.timeout(PATIENCE_MS) });
  }

  /**
   * Resets its connection; right after a heartbeat, if there are any. The client would overlook a loss that it
   * meets while it sends the next one, until it pings.
   */
  async reset(): Promise<void> {
    if (this.state.state === "leading" || this.state.state === "heir")
      await once(this.election, "beat", { signal: AbortSignal.timeout(PATIENCE_MS) });
    this.connection.dropConnections();
  }

  async until(...states: readonly ElectionState["state"][]): Promise<void> {
    await this.reaches(states.join(" or "), () => states.includes(this.state.state));
  }

  /** The number of times that it went through a phase. */
  count(phase: string): number {
    return this.phases.filter((one) => one.startsWith(phase)).length;
  }

  reaches(what: string, reached: () => boolean): Promise<void> {
    if (reached()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const look = () => {
        if (!reached()) return;
        clearTimeout(deadline);
        this.election.off("state", look);
        resolve();
      };
      const deadline = setTimeout(() => {
        this.election.off("state", look);
        reject(new Error(`never ${what}, but ${this.state.state} after ${this.phases.join(", ")}`));
      }, PATIENCE_MS);
      this.election.on("state", look);
    });
  }
}
