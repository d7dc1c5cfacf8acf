/**
 * Leader election on ZooKeeper, after the recipe of its documentation ("Recipes and Solutions", "Leader
 * Election"): a candidate creates an ephemeral, sequential znode, its contender; the oldest contender leads;
 * every other one waits as its scheme says, and looks again whenever it is woken.
 *
 * Promised, as the ensemble judges it:
 * - at most one living session leads, and a term begins only when the own contender was in the list, as the
 *   oldest, in an answer of the unbroken connection of a session that owns it;
 * - leadership passes in the order of joining;
 * - a lost connection or session ends the term at once, as soon as this process learns of it;
 * - a create or a delete whose reply was lost is neither repeated blindly nor forgotten.
 *
 * Not promised: that a leader which stands still (a long pause, a suspended machine) or is cut off learns in
 * time that another one leads. Until its thread runs again it believes what it believed before. What must
 * not be done by two leaders has to carry the term's czxid, which grows from term to term.
 */
import { EventEmitter } from "node:events";
import { ConnectionLoss, NodeExists, NoNode, OutcomeUnknown } from "../zookeeper/errors.ts";
import { type Session, type SessionState, Watch } from "../zookeeper/session.ts";
import { type Contender, contenderOf, contendersOf, prefixOf } from "./contenders.ts";
import { type Runtime, realRuntime } from "./runtime.ts";
import type { LookCause, Scheme } from "./scheme.ts";

/** One leadership. */
export interface Term {
  readonly contender: Contender;
  /** The fencing token: the zxid that created the contender. */
  readonly czxid: number;
}

/** Why a term ended: `deleted` means that somebody else removed the contender. */
export type EndReason = "resigned" | "suspended" | "expired" | "closed" | "deleted";

export type ElectionState =
  | { readonly state: "idle" }
  | { readonly state: "joining" }
  | { readonly state: "looking"; readonly contender: Contender }
  | { readonly state: "waiting"; readonly contender: Contender; readonly watching: Contender | "children" }
  | { readonly state: "leading"; readonly term: Term }
  /** The connection is lost. The session may live on, but nobody here claims to lead. */
  | { readonly state: "suspended" }
  /** The session is gone, or the ensemble refused a step: `error` says which. */
  | { readonly state: "over"; readonly error: Error };

/** Each phase, as it happens. Listeners run inside the measured path: they must be quick. */
export interface ElectionEvents {
  creating: [];
  created: [contender: Contender, czxid: number];
  reading: [cause: LookCause];
  read: [contenders: number];
  armed: [watching: Contender | "children"];
  notified: [watching: Contender | "children"];
  claimed: [term: Term];
  ended: [term: Term, reason: EndReason];
  removing: [contender: Contender];
  removed: [contender: Contender];
  state: [state: ElectionState];
}

export interface ElectionOptions {
  /** The znode whose children are the contenders. It and its parents are created where they are missing. */
  readonly path: string;
  readonly scheme: Scheme;
  /** What the contender's znode holds. @default "" */
  readonly data?: string;
  readonly runtime?: Runtime;
}

/** The campaign ended before it was won. */
export class CampaignEnded extends Error {
  override readonly name = "CampaignEnded";
}

/** Between two tries after a lost reply, while the session has not said yet that it is cut off. */
const RETRY_MS = 50;

export class Election extends EventEmitter<ElectionEvents> {
  readonly #session: Session;
  readonly #path: string;
  readonly #scheme: Scheme;
  readonly #data: string;
  readonly #runtime: Runtime;
  readonly #onSessionState = (state: SessionState) => this.#sessionChanged(state);

  #state: ElectionState = { state: "idle" };
  /** The own znode, from its creation until it is known to be gone. */
  #own: Contender | undefined;
  #czxid: number | undefined;
  #watch: Watch | undefined;
  /** Counts looks: an answer that belongs to an earlier one is stale and dropped. */
  #attempt = 0;
  #entering: Promise<void> | undefined;
  #resigning: Promise<void> | undefined;
  #campaign: { resolve: (term: Term) => void; reject: (error: Error) => void } | undefined;

  constructor(session: Session, options: ElectionOptions) {
    super();
    this.#session = session;
    this.#path = options.path;
    this.#scheme = options.scheme;
    this.#data = options.data ?? "";
    this.#runtime = options.runtime ?? realRuntime;
  }

  get state(): ElectionState {
    return this.#state;
  }

  /**
   * Joins the election, behind all others.
   * @returns the first term that is won
   * @throws {CampaignEnded} when it was resigned, or its session ended, before it was won
   */
  campaign(): Promise<Term> {
    if (this.#state.state !== "idle") {
      return Promise.reject(new CampaignEnded(`this candidate is ${this.#state.state} already`));
    }
    this.#session.on("state", this.#onSessionState);
    const won = new Promise<Term>((resolve, reject) => {
      this.#campaign = { resolve, reject };
    });
    this.#enter();
    return won;
  }

  /** Gives up the term or the place in the line. The session lives on, and may campaign again. */
  resign(): Promise<void> {
    this.#resigning ??= this.#resign().finally(() => {
      this.#resigning = undefined;
    });
    return this.#resigning;
  }

  // Joining

  #enter(): void {
    this.#become({ state: "joining" });
    this.#own = undefined;
    this.#czxid = undefined;
    this.#entering = this.#join().then(
      (contender) => {
        this.#entering = undefined;
        if (this.#state.state === "over") return;
        this.#own = contender;
        if (this.#resigning === undefined) this.#lookAfterOwn("joined");
      },
      (error: Error) => {
        this.#entering = undefined;
        this.#over(error);
      },
    );
  }

  /** Creates the contender; after a lost reply, finds out first whether it was created. */
  async #join(): Promise<Contender> {
    const prefix = prefixOf(this.#runtime.guid());
    let outcomeUnknown = false;
    for (;;) {
      await this.#connected();
      try {
        if (outcomeUnknown) {
          const found = await this.#findOwn(prefix);
          if (found !== undefined) return found;
          outcomeUnknown = false;
        }
        this.emit("creating");
        const path = await this.#session.create(
          `${this.#path}/${prefix}`,
          this.#data,
          "ephemeral-sequential",
        );
        const contender = contenderOf(path.slice(path.lastIndexOf("/") + 1));
        if (contender === undefined) throw new Error(`the server named a contender ${path}`);
        return contender;
      } catch (error) {
        if (error instanceof NoNode) await this.#createParents();
        else if (error instanceof ConnectionLoss) {
          outcomeUnknown = true;
          await this.#pause();
        } else throw error;
      }
    }
  }

  /** A znode of a former session may still be there, about to go: it is not ours. */
  async #findOwn(prefix: string): Promise<Contender | undefined> {
    const name = (await this.#session.children(this.#path))?.find((child) => child.startsWith(prefix));
    if (name === undefined) return undefined;
    const stat = await this.#session.exists(`${this.#path}/${name}`);
    return stat?.createdInThisSession ? contenderOf(name) : undefined;
  }

  async #createParents(): Promise<void> {
    const names = this.#path.split("/").slice(1);
    for (let depth = 1; depth <= names.length; depth++) {
      try {
        await this.#session.create(`/${names.slice(0, depth).join("/")}`, "", "persistent");
      } catch (error) {
        if (!(error instanceof NodeExists)) throw error;
      }
    }
  }

  // Looking: from here to the claim lies what is measured

  /**
   * Looks, and has the own znode checked by the same connection: its answer comes before the list's. An
   * unbroken connection of the owner needs no further check, as the list alone tells whether it is there.
   */
  #lookAfterOwn(cause: LookCause): void {
    void this.#checkOwn();
    void this.#look(cause);
  }

  async #checkOwn(): Promise<void> {
    const own = this.#own;
    if (own === undefined) return;
    try {
      const stat = await this.#session.exists(`${this.#path}/${own.name}`);
      if (own !== this.#own || this.#resigning !== undefined) return;
      if (!stat?.createdInThisSession) {
        this.#enter();
      } else if (this.#czxid === undefined) {
        this.#czxid = stat.czxid;
        this.emit("created", own, stat.czxid);
      }
    } catch (error) {
      this.#lookFailed(error);
    }
  }

  async #look(cause: LookCause): Promise<void> {
    const own = this.#own;
    if (own === undefined) return;
    const attempt = ++this.#attempt;
    this.emit("reading", cause);
    const watch = this.#scheme.watchesChildren ? new Watch(() => this.#woken("children")) : undefined;
    try {
      const children = await this.#session.children(this.#path, watch);
      if (attempt !== this.#attempt) {
        watch?.cancel();
        return;
      }
      this.#watch = watch;
      const contenders = children === undefined ? [] : contendersOf(children);
      this.emit("read", contenders.length);
      const position = contenders.findIndex(({ name }) => name === own.name);
      if (position === -1) {
        // Somebody deleted it. Nothing is left to wait for: join again, behind all others.
        this.#attempt++;
        this.#enter();
        return;
      }
      const decision = this.#scheme.decide({ contenders, position, cause });
      switch (decision.type) {
        case "lead":
          this.#claim(own);
          return;
        case "watch":
          await this.#wait(attempt, own, decision.contender);
          return;
        case "watch-children":
          this.#become({ state: "waiting", contender: own, watching: "children" });
          this.emit("armed", "children");
          return;
        default:
          decision satisfies never;
      }
    } catch (error) {
      if (attempt === this.#attempt) this.#lookFailed(error);
    }
  }

  async #wait(attempt: number, own: Contender, target: Contender): Promise<void> {
    const watch = new Watch(() => this.#woken(target));
    // By `get`, not `exists`: on a znode that has gone meanwhile, `exists` would leave a watch for ever.
    const found = await this.#session.get(`${this.#path}/${target.name}`, watch);
    if (attempt !== this.#attempt) {
      watch.cancel();
    } else if (found === undefined) {
      await this.#look("vanished");
    } else {
      this.#watch = watch;
      this.#become({ state: "waiting", contender: own, watching: target });
      this.emit("armed", target);
    }
  }

  #woken(watching: Contender | "children"): void {
    this.emit("notified", watching);
    if (this.#state.state !== "waiting") return;
    void this.#look("notified");
  }

  #claim(contender: Contender): void {
    // Known since before the list; unless the connection broke in between, and then all is looked at anew.
    if (this.#czxid === undefined) return;
    const term = { contender, czxid: this.#czxid };
    this.#state = { state: "leading", term };
    this.emit("claimed", term);
    this.emit("state", this.#state);
    this.#campaign?.resolve(term);
    this.#campaign = undefined;
  }

  #lookFailed(error: unknown): void {
    if (error instanceof ConnectionLoss) {
      // The session is about to say that it is suspended, and then this look is stale. If it never does:
      const attempt = this.#attempt;
      this.#runtime.after(RETRY_MS, () => {
        if (attempt === this.#attempt && this.#session.state === "connected")
          this.#lookAfterOwn("reconnected");
      });
    } else if (!(error instanceof OutcomeUnknown)) {
      this.#over(error instanceof Error ? error : new Error(String(error)));
    }
  }

  // Ending

  async #resign(): Promise<void> {
    if (this.#state.state === "idle" || this.#state.state === "over") return;
    this.#stopLooking();
    this.#endTerm("resigned");
    if (this.#entering !== undefined) await this.#entering;
    if (this.#own !== undefined) await this.#remove(this.#own);
    this.#own = undefined;
    if (this.#isOver()) return;
    this.#leave(new CampaignEnded("the candidate resigned"));
    this.#become({ state: "idle" });
  }

  /** Until it is gone: by this delete, or with the session. */
  async #remove(contender: Contender): Promise<void> {
    this.emit("removing", contender);
    for (;;) {
      try {
        await this.#session.remove(`${this.#path}/${contender.name}`);
        this.emit("removed", contender);
        return;
      } catch (error) {
        if (!(error instanceof ConnectionLoss)) {
          if (error instanceof OutcomeUnknown || this.#isOver()) return;
          throw error;
        }
        await this.#pause();
        if (this.#isOver()) return;
        await this.#connected().catch(() => undefined);
      }
    }
  }

  #sessionChanged(state: SessionState): void {
    switch (state) {
      case "connecting":
        return;
      case "connected":
        if (this.#own !== undefined && this.#resigning === undefined) {
          this.#become({ state: "looking", contender: this.#own });
          this.#lookAfterOwn("reconnected");
        }
        return;
      case "suspended":
        this.#stopLooking();
        this.#endTerm("suspended");
        if (this.#own !== undefined) this.#become({ state: "suspended" });
        return;
      case "expired":
      case "closed":
        this.#endTerm(state);
        this.#over(new CampaignEnded(`the session is ${state}`));
        return;
      default:
        state satisfies never;
    }
  }

  #endTerm(reason: EndReason): void {
    if (this.#state.state !== "leading") return;
    const { term } = this.#state;
    this.#state = { state: "looking", contender: term.contender };
    this.emit("ended", term, reason);
  }

  #over(error: Error): void {
    if (this.#isOver()) return;
    this.#stopLooking();
    this.#endTerm("deleted");
    // Nobody must wait behind a contender that has given up; with the session over, it has gone by itself.
    if (this.#own !== undefined && this.#session.state === "connected") {
      this.#session.remove(`${this.#path}/${this.#own.name}`).catch(() => undefined);
    }
    this.#own = undefined;
    this.#leave(error);
    this.#become({ state: "over", error });
  }

  #leave(error: Error): void {
    this.#session.off("state", this.#onSessionState);
    this.#campaign?.reject(error);
    this.#campaign = undefined;
  }

  /** Answers that are still to come are stale, and the watch calls nobody. */
  #stopLooking(): void {
    this.#attempt++;
    this.#watch?.cancel();
    this.#watch = undefined;
  }

  // The small print

  #isOver(): boolean {
    return this.#state.state === "over";
  }

  #become(state: ElectionState): void {
    this.#state = state;
    this.emit("state", state);
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      this.#runtime.after(RETRY_MS, resolve);
    });
  }

  /** @throws {CampaignEnded} when the session ends instead */
  #connected(): Promise<void> {
    const session = this.#session;
    if (session.state === "connected") return Promise.resolve();
    return new Promise((resolve, reject) => {
      const onState = (state: SessionState) => {
        if (state === "connecting" || state === "suspended") return;
        session.off("state", onState);
        if (state === "connected") resolve();
        else reject(new CampaignEnded(`the session is ${state}`));
      };
      session.on("state", onState);
      onState(session.state);
    });
  }
}
