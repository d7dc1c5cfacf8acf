/**
 * Leader election on ZooKeeper, after the recipe of its documentation ("Recipes and Solutions", "Leader
 * Election"): a candidate creates an ephemeral, sequential znode, its contender; the oldest contender leads;
 * every other one waits as its scheme says, and looks again whenever it is woken.
 *
 * Promised, as the ensemble judges it:
 *
 * - at most one term is valid at any time ({@link Term.valid}), even if a leader stands still, or is cut off
 *   and hears nothing: its lease runs out before its successor can start (lease.ts);
 * - a term begins only when the candidate's own contender was seen as the oldest over the unbroken connection
 *   of the session that owns it, and tokens grow from leader to leader;
 * - leadership passes in the order of joining, and a new leader is there as soon as the ensemble has removed
 *   the old one's contender and has reported it: at most T + one tick after a crash, where T is the session
 *   timeout. When 16 or more contenders go within four session timeouts, the next one may have to wait up to
 *   two ticks more until it has proof of its lease (pace.ts);
 * - a create or a delete whose reply was lost is neither repeated blindly nor forgotten: a candidate that
 *   resigns or gives up, at any moment, leaves no contender behind, and holds up nobody;
 * - a leader whose contender somebody else deletes is notified at once, and joins again behind all others.
 *
 * Not promised:
 *
 * - that a leader which acts on an old belief is stopped: between a look at `valid` and the act a thread may
 *   stand still. Acts that two leaders must never both do have to go through a fence (fence.ts);
 * - `valid` of a session that somebody ends from outside, or of a contender that somebody else deletes, until
 *   the candidate is notified (the fence holds even then), and on a machine that sleeps;
 * - that a watch is removed from the server when a waiting candidate resigns: the native client cannot do that.
 *   This one watch, never more than one, stays until its znode goes or the session ends. It calls nobody.
 */
import { EventEmitter, once } from "node:events";
import { errorFrom } from "../thrown.ts";
import { OutcomeUnknown } from "../zookeeper/errors.ts";
import type { Session, SessionState } from "../zookeeper/session.ts";
import { Candidacy } from "./candidacy.ts";
import { checkOptions } from "./check-options.ts";
import { CampaignEnded, pause, RETRY_MS, settledWithin } from "./connection.ts";
import { checkData } from "./contender-data.ts";
import type { Contender } from "./contenders.ts";
import { publishEvents } from "./diagnostics.ts";
import type { ElectionEvents, ElectionState } from "./election-events.ts";
import type { ElectionOptions, ResignOptions, SettledOptions } from "./election-options.ts";
import { enter, remove } from "./entry.ts";
import { type Health, healthOf } from "./health.ts";
import { Hurry } from "./hurry.ts";
import { type Job, type Leadership, type LeadOptions, lead } from "./lead.ts";
import { Lease } from "./lease.ts";
import { NextTerm } from "./next-term.ts";
import { contenders, leader, observe, type Standing } from "./observer.ts";
import { Onlooker } from "./onlooker.ts";
import { predecessor } from "./predecessor.ts";
import { type Hold, rejoin } from "./rejoin.ts";
import { passes, Retries, TROUBLE_FROM } from "./retries.ts";
import { LONGEST_TIMER_MS, type Runtime, realRuntime } from "./runtime.ts";
import type { Scheme } from "./scheme.ts";
import type { Term } from "./term.ts";

/** @example
 * const session = await openSession({ connect: "127.0.0.1:2181", timeoutMs: 10_000 });
 * await using election = new Election(session, { path: "/services/mail" });
 * for await (const term of election.terms()) await work(term);
 */
export class Election extends EventEmitter<ElectionEvents> {
  readonly #path: string;
  readonly #scheme: Scheme;
  readonly #options: SettledOptions;
  #data: string;
  readonly #runtime: Runtime;
  readonly #onSessionState = (state: SessionState) => this.#sessionChanged(state);
  readonly #onTrouble = (error: Error, attempt: number) => this.emit("trouble", error, attempt);

  #session: Session;
  /** The election's hold on its session, if the session is not the given one. */
  #hold: Hold | undefined;
  #state: ElectionState = { state: "idle" };
  #candidacy: Candidacy | undefined;
  /**
   * Settles when the contender is there, or certainly will not be, and no session is being opened. Never
   * rejects.
   */
  #entering: Promise<void> | undefined;
  /** The number of times that it has joined since it last waited or led. */
  #entries = 0;
  #resigning: Promise<void> | undefined;
  /** Begins when the candidate resigns, which ends the pauses between retries. */
  #hurry = new Hurry();
  #rejoining: AbortController | undefined;
  /** Stops a job that leads. */
  #leading: AbortController | undefined;
  /** Aborted when a resignation that waits for something first takes too long. */
  #tooLate: AbortController | undefined;
  /** The session that was closed because a resignation took too long. */
  #closedHere: Session | undefined;
  readonly #nextTerm = new NextTerm();

  /**
   * @throws {RangeError} for an option out of range, or a tick that is too long for the session's timeout
   * @throws {TypeError} for an option of a wrong type
   */
  constructor(session: Session, options: ElectionOptions) {
    super();
    const { scheme = predecessor, join = "by-list" } = options;
    this.#options = { ...options, scheme, join };
    checkOptions(this.#options, session);
    this.#session = session;
    this.#path = options.path;
    this.#scheme = scheme;
    this.#data = options.data ?? "";
    this.#runtime = options.runtime ?? realRuntime;
    const present = () => this.#session;
    publishEvents(this, options.path, present);
    new Onlooker(this, options.path, present, this.#runtime);
  }

  get state(): ElectionState {
    return this.#state;
  }

  /** The current term, if this candidate leads. */
  get term(): Term | undefined {
    return this.#state.state === "leading" && !this.#state.term.isOver ? this.#state.term : undefined;
  }

  /** Whether this candidate certainly is the only leader, at this very moment: {@link Term.valid}. */
  get isLeader(): boolean {
    return this.term?.valid ?? false;
  }

  /** The candidate's health, for probes. */
  health(): Health {
    return healthOf(this.#state, this.#session, this.#runtime.now());
  }

  /** The current session: not the given one, once the election has joined again with another. */
  get session(): Session {
    return this.#session;
  }

  /**
   * Joins the election, behind all others.
   * @param options with a signal that gives up: the contender is removed, in the background if necessary
   * @returns the first term that is won
   * @throws {CampaignEnded} when the candidate resigned, or its session ended, before it won
   * @throws {ZooKeeperError} when the ensemble refuses a step
   * @throws the signal's reason
   */
  campaign(options: { readonly signal?: AbortSignal | undefined } = {}): Promise<Term> {
    const busy = this.#busy();
    return busy === undefined ? this.#campaign(options) : Promise.reject(busy);
  }

  #campaign({ signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<Term> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    const won = this.#nextTerm.promise;
    const giveUp = () => {
      this.#nextTerm.fail(signal?.reason);
      this.#resignOnce().catch(() => undefined);
    };
    signal?.addEventListener("abort", giveUp, { once: true });
    this.#begin();
    return won.finally(() => signal?.removeEventListener("abort", giveUp));
  }

  /**
   * Campaigns, and yields one term after the other: when one has ended, the next one that is won. Resigns when
   * the loop is left. Resigning ends the loop.
   * @throws what {@link campaign} throws
   */
  async *terms(
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): AsyncGenerator<Term, void, undefined> {
    const busy = this.#busy();
    if (busy !== undefined) throw busy;
    yield* this.#terms(options);
  }

  async *#terms({
    signal,
  }: {
    readonly signal?: AbortSignal | undefined;
  } = {}): AsyncGenerator<Term, void, undefined> {
    const stop = () => void this.#resignOnce().catch(() => undefined);
    try {
      const refusal = this.#refusal();
      if (refusal !== undefined) throw refusal;
      let term = await this.#campaign({ signal });
      // Between the win and this line nobody listened to the signal.
      signal?.throwIfAborted();
      signal?.addEventListener("abort", stop, { once: true });
      for (;;) {
        yield term;
        if ((await term.ended) === "resigned") break;
        if (this.#state.state === "over") throw this.#state.error;
        // The candidate has resigned since.
        if (this.#hasLeft()) break;
        term = this.term ?? (await this.#nextTerm.promise);
      }
      signal?.throwIfAborted();
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener("abort", stop);
      await this.#resignOnce();
    }
  }

  /**
   * Runs the job whenever this candidate leads, until the signal is aborted: see lead.ts. The event `failed`
   * reports each failure of the job, or a process warning if nobody listens.
   * @returns when it was stopped, and the contender is gone
   * @throws what ends the candidacy for good, as {@link terms} does
   */
  async lead(job: Job, { signal }: LeadOptions = {}): Promise<void> {
    if (typeof job !== "function") throw new TypeError(`job: give a function, not ${typeof job}`);
    const busy = this.#busy();
    if (busy !== undefined) throw busy;
    const stop = new AbortController();
    this.#leading = stop;
    const leadership: Leadership = {
      runtime: this.#runtime,
      terms: () => this.#terms(),
      resign: (how) => this.#resignOnce(how),
      failed: (error, term, pauseMs) => {
        if (!this.emit("failed", error, term, pauseMs)) process.emitWarning(error);
      },
    };
    try {
      await lead(leadership, job, AbortSignal.any([stop.signal, ...(signal ? [signal] : [])]));
    } finally {
      this.#leading = undefined;
    }
  }

  /**
   * Gives up the term or the place in the line, and stops {@link lead}. The session lives on, and may campaign
   * again, unless the contender could not be removed in time: see {@link ResignOptions}. Concurrent calls share
   * one resignation.
   * @throws {RangeError} for a time out of range
   * @throws {ZooKeeperError} when the ensemble refuses to remove the contender
   */
  resign(options: ResignOptions = {}): Promise<void> {
    this.#leading?.abort();
    return this.#resignOnce(options);
  }

  async #resignOnce({ timeoutMs = RESIGN_WITHIN_MS, signal, after }: ResignOptions = {}): Promise<void> {
    if (!(timeoutMs >= 0 && timeoutMs <= LONGEST_TIMER_MS))
      throw new RangeError(
        `timeoutMs: ${timeoutMs} is not a duration; give milliseconds, ${LONGEST_TIMER_MS} at most`,
      );
    if (this.#resigning === undefined) {
      if (this.#state.state === "idle" || this.#isOver()) return;
      const tooLate = after === undefined ? undefined : new AbortController();
      // This is set before any listener is told, since a listener may resign as well.
      let goOn: () => void = () => undefined;
      this.#resigning = new Promise<void>((resolve) => {
        goOn = () => resolve(this.#remove(after, tooLate?.signal));
      }).finally(() => {
        this.#resigning = undefined;
      });
      this.#tooLate = tooLate;
      try {
        this.#become({ state: "resigning" });
        this.#rejoining?.abort();
        this.#hurry.begin();
        this.#candidacy?.stop("resigned");
      } finally {
        // In this very turn, whatever the listeners do: the next leader waits for the delete.
        goOn();
      }
    }
    const resigning = this.#resigning;
    const tooLate = this.#tooLate;
    const session = this.#session;
    if ((await settledWithin(this.#runtime, resigning, timeoutMs, signal)) === "too late") {
      this.#closedHere = session;
      tooLate?.abort();
      await session.close();
    }
    return resigning;
  }

  /**
   * Changes the data that others can read about this candidate: in its current contender, if there is one, and
   * in all that it makes from now on. The candidate keeps its place, and keeps leading if it leads. Each change
   * wakes the candidate that watches the contender, for one read.
   * @returns when the data is written: after a short disconnect, or in the next contender; at once if the
   * candidate is idle
   * @throws {RangeError} when the data is too long
   * @throws {CampaignEnded} when the candidate no longer stands
   * @throws {ZooKeeperError} when the ensemble refuses the write
   */
  async proclaim(data: string): Promise<void> {
    checkData(data);
    this.#data = data;
    if (this.#state.state === "idle") return;
    const retries = this.#retries();
    while (!this.#hasLeft()) {
      const candidacy = this.#candidacy;
      if (candidacy === undefined || this.#state.state === "suspended") {
        await once(this, "state");
        continue;
      }
      try {
        if (await candidacy.proclaim(this.#data)) return;
      } catch (error) {
        if (passes(error)) await retries.pause(error, this.#hurry.signal);
        else if (!(error instanceof OutcomeUnknown)) throw error;
      }
    }
    throw new CampaignEnded(`this candidate is ${this.#state.state}`);
  }

  /**
   * The candidate that leads, or is about to.
   * @throws {ZooKeeperError}
   */
  leader(): Promise<Standing | undefined> {
    return leader(this.#session, this.#path);
  }

  /**
   * All contenders, the oldest first.
   * @throws {ZooKeeperError}
   */
  contenders(): Promise<Standing[]> {
    return contenders(this.#session, this.#path);
  }

  /** The current leader, and each change: {@link observe} on this election. */
  observe({
    signal,
  }: {
    readonly signal?: AbortSignal | undefined;
  } = {}): AsyncGenerator<Standing | undefined, void, undefined> {
    return observe(this.#session, this.#path, {
      signal,
      runtime: this.#runtime,
      onTrouble: this.#onTrouble,
    });
  }

  /**
   * Resigns, and lets go of a session that was opened to replace the given one: the last election to let go
   * closes it.
   */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.resign();
    await this.#hold?.letGo();
  }

  // Joining

  #begin(): void {
    // The session was lost while the candidate resigned.
    const { state } = this.#session;
    const lost = state === "expired" || (state === "closed" && this.#closedHere === this.#session);
    if (this.#options.rejoin === true && lost) this.#rejoin();
    else {
      this.#session.on("state", this.#onSessionState);
      this.#entries = 0;
      this.#enter();
    }
  }

  #enter(): void {
    this.#candidacy = undefined;
    this.#hurry = new Hurry();
    this.#become({ state: "joining" });
    this.#entering = this.#join(this.#session);
  }

  async #join(session: Session): Promise<void> {
    const inIt = () => {
      const { state } = this.#state;
      return this.#session === session && (state === "joining" || state === "resigning");
    };
    try {
      // Somebody keeps deleting the contender: make the next ones more and more slowly.
      if (++this.#entries > 2) {
        this.#onTrouble(new Error(`${this.#path}: somebody keeps deleting the contender`), this.#entries);
        await pause(
          this.#runtime,
          Math.min(LONGEST_PAUSE_MS, RETRY_MS * 2 ** this.#entries),
          this.#hurry.signal,
        );
      }
      const { join } = this.#options;
      const guid = this.#runtime.guid();
      const contender = await enter({
        session,
        path: this.#path,
        join,
        guid,
        data: this.#data,
        acl: this.#options.acl,
        retries: this.#retries(),
        hurry: this.#hurry,
        onCreating: () => this.emit("creating"),
        wanted: () => inIt() && this.#resigning === undefined,
      });
      if (contender === undefined || !inIt()) return;
      this.#candidacy = this.#newCandidacy(contender, session, join === "by-number" ? guid : undefined);
      if (this.#resigning === undefined) this.#candidacy.connected("joined");
      else this.#candidacy.stop("resigned");
    } catch (error) {
      if (inIt() && this.#resigning === undefined) this.#over(errorFrom(error));
    }
  }

  #newCandidacy(contender: Contender, session: Session, guid: string | undefined): Candidacy {
    const candidacy = new Candidacy(contender, {
      session,
      lease: new Lease(session, this.#runtime, this.#options.tickTimeMs),
      path: this.#path,
      scheme: this.#scheme,
      data: this.#data,
      guid,
      suspendedPolicy: this.#options.suspendedPolicy ?? "strict",
      runtime: this.#runtime,
      events: this,
      become: (state) => {
        if (inOffice()) this.#become(state);
      },
      onGone: () => {
        if (inOffice()) this.#enter();
      },
      onError: (error) => {
        if (inOffice()) this.#over(error);
      },
    });
    const inOffice = () => this.#candidacy === candidacy && this.#resigning === undefined;
    return candidacy;
  }

  #rejoin(): void {
    this.#candidacy = undefined;
    this.#entering = this.#joinAgain();
  }

  async #joinAgain(): Promise<void> {
    const giveUp = new AbortController();
    this.#rejoining = giveUp;
    const { signal } = giveUp;
    try {
      const hold = await rejoin(this.#session, this.#runtime, {
        signal,
        onAttempt: (attempt) => this.#become({ state: "rejoining", attempt }),
        onFailure: (error, attempt) => attempt >= TROUBLE_FROM && this.#onTrouble(error, attempt),
      });
      if (hold === undefined) return;
      if (signal.aborted) return await hold.letGo();
      const before = this.#hold;
      this.#hold = hold;
      this.#session = hold.session;
      void before?.letGo();
      this.emit("rejoined", hold.session);
      this.#begin();
    } catch (error) {
      if (!signal.aborted) this.#over(errorFrom(error));
    }
  }

  #sessionChanged(state: SessionState): void {
    switch (state) {
      case "connecting":
        return;
      case "connected":
        if (this.#resigning === undefined) this.#candidacy?.connected("reconnected");
        return;
      case "suspended":
        this.emit("lost");
        if (this.#resigning === undefined) this.#candidacy?.suspended();
        return;
      case "expired":
      case "closed":
        this.#candidacy?.stop(state);
        // The contender goes with the session: nothing is left to remove.
        this.#candidacy = undefined;
        this.#session.off("state", this.#onSessionState);
        if (this.#options.rejoin !== true) this.#over(new CampaignEnded(`the session is ${state}`));
        // A candidate that resigns wants no new session yet.
        else if (this.#resigning !== undefined) return;
        else if (state === "expired") this.#rejoin();
        else this.#over(new CampaignEnded("the session is closed"));
        return;
      default:
        state satisfies never;
    }
  }

  // Ending

  async #remove(after: Promise<unknown> | undefined, tooLate?: AbortSignal): Promise<void> {
    if (after !== undefined)
      await settledWithin(this.#runtime, Promise.resolve(after), LONGEST_TIMER_MS, tooLate);
    if (this.#candidacy === undefined) await this.#entering;
    const contender = this.#candidacy?.contender;
    if (contender !== undefined && !this.#isOver()) {
      this.emit("removing", contender);
      const znode = `${this.#path}/${contender.name}`;
      if (await remove(this.#session, znode, this.#retries())) this.emit("removed", contender);
    }
    if (this.#isOver()) return;
    this.#leave(new CampaignEnded("the candidate resigned"));
    this.#become({ state: "idle" });
  }

  #over(error: Error): void {
    if (this.#isOver()) return;
    const contender = this.#candidacy?.contender;
    this.#candidacy?.stop("deleted");
    // Nobody must wait behind a contender that has given up.
    if (contender !== undefined)
      remove(this.#session, `${this.#path}/${contender.name}`, this.#retries()).catch(() => undefined);
    this.#leave(error);
    this.#become({ state: "over", error });
  }

  #leave(error: Error): void {
    this.#candidacy = undefined;
    this.#session.off("state", this.#onSessionState);
    this.#nextTerm.fail(error);
  }

  // The small print

  #retries(): Retries {
    return new Retries(this.#runtime, this.#onTrouble);
  }

  /** The reason why it cannot campaign now. */
  #busy(): CampaignEnded | undefined {
    if (this.#leading !== undefined) return new CampaignEnded("this candidate already leads with a job");
    return this.#refusal();
  }

  #refusal(): CampaignEnded | undefined {
    const { state } = this;
    if (state.state === "idle" && this.#resigning === undefined) return undefined;
    if (state.state !== "over") return new CampaignEnded(`this candidate is already ${state.state}`);
    return new CampaignEnded(`this candidate is over: ${state.error.message}`, { cause: state.error });
  }

  #hasLeft(): boolean {
    return ["idle", "resigning", "over"].includes(this.#state.state);
  }

  #isOver(): boolean {
    return this.#state.state === "over";
  }

  #become(state: ElectionState): void {
    this.#state = state;
    if (state.state === "waiting" || state.state === "heir" || state.state === "leading") this.#entries = 0;
    this.emit("state", state);
    // A listener may have ended the term.
    if (state.state === "leading" && !state.term.isOver) this.#nextTerm.won(state.term);
  }
}

const LONGEST_PAUSE_MS = 5000;

/**
 * Together with a close while cut off, which takes 1.5 s, this ends a service within seconds of being told to.
 */
const RESIGN_WITHIN_MS = 2000;
