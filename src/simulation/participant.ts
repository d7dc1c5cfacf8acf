/**
 * A candidate in a simulated world: the real election, on a session of the model, and the events that it emits.
 */

import type { SuspendedPolicy } from "../election/candidacy-context.ts";
import { CampaignEnded } from "../election/connection.ts";
import { SequenceExhausted } from "../election/contenders.ts";
import { Election } from "../election/election.ts";
import { Fenced, fence } from "../election/fence.ts";
import type { JoinMode } from "../election/join-mode.ts";
import type { Scheme } from "../election/scheme.ts";
import type { EndReason, Term } from "../election/term.ts";
import { ZooKeeperError } from "../zookeeper/errors.ts";
import type { ModelClient } from "./model-client.ts";
import type { ModelSession } from "./model-session.ts";
import type { ToldLine } from "./told-line.ts";
import type { World } from "./world.ts";

export const ELECTION = "/election";
/** The resource that leaders write to, with their tokens. */
export const RESOURCE = "/resource";
/** Short enough that it runs out often, long enough for three ticks. */
export const SESSION_TIMEOUT_MS = 600;

/** The observer that a participant notifies at once. */
export interface Witness {
  claimed(participant: Participant, term: Term): void;
  ended(participant: Participant, term: Term, reason: EndReason): void;
  /** An event that should never happen, whatever the world does. */
  surprised(participant: Participant, error: unknown): void;
}

/** Settings of its elections. */
export interface ParticipantSetting {
  readonly scheme: Scheme;
  readonly join: JoinMode;
  readonly suspendedPolicy: SuspendedPolicy;
  readonly rejoin: boolean;
  /** Whether its sessions end with its process. */
  readonly wills: boolean;
  /** Follows them where somebody reads it. */
  readonly line?: ToldLine | undefined;
}

export class Participant {
  readonly index: number;
  /** Its process; another one after it has died. */
  client: ModelClient;
  /** The term that it believes in. */
  term: Term | undefined;
  /** The last term that it had, if it has none. */
  lastTerm: Term | undefined;
  /** The session that it had when it claimed. */
  termSession = "";
  /** Earlier contenders in the current session: each may have left one watch behind. */
  leftovers = 0;
  #session: ModelSession | undefined;
  #election: Election | undefined;
  #joining: Promise<void> | undefined;
  #giveUp = new AbortController();
  readonly #setting: ParticipantSetting;
  readonly #world: World;
  readonly #witness: Witness;

  constructor(index: number, world: World, setting: ParticipantSetting, witness: Witness) {
    this.index = index;
    this.#world = world;
    this.#setting = setting;
    this.client = world.newClient(setting.wills);
    this.#witness = witness;
  }

  get election(): Election | undefined {
    return this.#election;
  }

  /** The session in which it stands, if it has one. */
  get session(): ModelSession | undefined {
    return (this.#election?.session as ModelSession | undefined) ?? this.#session;
  }

  /** Connects at the start, before anything may go wrong. */
  connectTo(replica: number): void {
    this.#session = this.client.openAt(replica, SESSION_TIMEOUT_MS);
    this.leftovers = -1;
  }

  get isStrict(): boolean {
    return this.#setting.suspendedPolicy === "strict";
  }

  get scheme(): Scheme {
    return this.#setting.scheme;
  }

  join(): void {
    if (this.client.state === "frozen" || this.#joining !== undefined) return;
    const { state } = this.#election?.state ?? { state: "over" };
    if (state === "idle") this.#campaign();
    if (state !== "over") return;
    this.#joining = this.#joinAnew().finally(() => {
      this.#joining = undefined;
    });
    this.#unlessSurprised(this.#joining);
  }

  resign(): void {
    if (this.client.state === "frozen" || this.#election === undefined) return;
    this.#unlessSurprised(this.#election.resign());
  }

  giveUp(): void {
    if (this.client.state === "running") this.#giveUp.abort(GIVEN_UP);
  }

  close(): void {
    if (this.client.state === "frozen") return;
    this.#unlessSurprised(this.session?.close() ?? Promise.resolve());
  }

  /** Its process is killed, and with it all that it believes. Another one takes its place, and can join. */
  die(kept: number): void {
    this.#world.faults.kill(this.client, kept);
    this.#setting.line?.dies(this.index, this.term);
    this.client = this.#world.newClient(this.#setting.wills);
    this.#giveUp = new AbortController();
    this.#session = undefined;
    this.#election = undefined;
    this.#joining = undefined;
    this.term = undefined;
    this.lastTerm = undefined;
    this.termSession = "";
    this.leftovers = 0;
  }

  /** Acts on its current belief, or on its last one. */
  write(): void {
    const term = this.term ?? this.lastTerm;
    const { session } = this;
    if (term === undefined || session === undefined || this.client.state === "frozen") return;
    const written = fence(term.token).write(session, RESOURCE, "");
    this.#unlessSurprised(written.catch((error) => (error instanceof Fenced ? undefined : reject(error))));
  }

  async #joinAnew(): Promise<void> {
    const before = this.session;
    if (before === undefined || before.state === "expired" || before.state === "closed") {
      this.#session = await this.client.open({ timeoutMs: SESSION_TIMEOUT_MS, connectTimeoutMs: 2000 });
      this.leftovers = -1;
    }
    const { session } = this;
    if (session === undefined) return;
    const election = new Election(this.#session ?? session, {
      path: ELECTION,
      scheme: this.#setting.scheme,
      join: this.#setting.join,
      suspendedPolicy: this.#setting.suspendedPolicy,
      rejoin: this.#setting.rejoin,
      tickTimeMs: this.#world.ensemble.tickTimeMs,
      runtime: this.client,
    });
    this.#election = election;
    election.on("claimed", (term) => {
      this.#witness.claimed(this, term);
      this.term = term;
      this.termSession = election.session.id;
    });
    election.on("ended", (term, reason) => {
      this.#witness.ended(this, term, reason);
      this.lastTerm = term;
      this.term = undefined;
    });
    election.on("creating", () => {
      this.leftovers++;
    });
    election.on("rejoined", () => {
      this.leftovers = -1;
    });
    this.#setting.line?.follow(this.index, election);
    this.#campaign();
  }

  #campaign(): void {
    this.#giveUp = new AbortController();
    const won = this.#election?.campaign({ signal: this.#giveUp.signal });
    if (won !== undefined) this.#unlessSurprised(won);
  }

  /**
   * Accepts the ways in which a campaign, a write or a close may end in a world of faults; anything else is a
   * surprise.
   */
  #unlessSurprised(promise: Promise<unknown>): void {
    promise.catch((error) => {
      const refused = error instanceof SequenceExhausted;
      const known =
        refused || error instanceof CampaignEnded || error instanceof ZooKeeperError || error === GIVEN_UP;
      if (!known) this.#witness.surprised(this, error);
    });
  }
}

const GIVEN_UP = new Error("given up");

function reject(error: unknown): never {
  throw error;
}
