/**
 * A candidacy is the life of one contender, from its creation until it is gone: it looks, waits as its scheme
 * says, leads when it is the oldest, and keeps its lease alive meanwhile.
 */
import { errorFrom } from "../thrown.ts";
import { OutcomeUnknown } from "../zookeeper/errors.ts";
import type { WatchEvent } from "../zookeeper/session.ts";
import type { CandidacyContext } from "./candidacy-context.ts";
import { decode } from "./contender-data.ts";
import { type Contender, namesake } from "./contenders.ts";
import type { ElectionState } from "./election-events.ts";
import { foreignAmong, ownerless } from "./foreign-contenders.ts";
import { Heartbeat } from "./heartbeat.ts";
import { KeptWatch } from "./kept-watch.ts";
import { Landmarks } from "./landmarks.ts";
import { OwnView } from "./own-view.ts";
import { OwnZnode } from "./own-znode.ts";
import { passes, Retries } from "./retries.ts";
import type { LookCause } from "./scheme.ts";
import { type EndReason, Term } from "./term.ts";

/** Ticks: it claims as soon as its lease is renewed, so it looks by itself only if that takes too long. */
const RENEWED_WITHIN = 3;

/** The owner of a persistent znode. */
const NOBODY = "0";

type Phase = "looking" | "waiting" | "heir" | "leading" | "suspended";

export class Candidacy {
  readonly contender: Contender;
  readonly #context: CandidacyContext;
  readonly #own: OwnZnode;
  #token: number | undefined;
  #state: Phase | "gone" = "looking";
  #leadership: { readonly term: Term; readonly end: (reason: EndReason) => void } | undefined;
  #stopWatchingLease: () => void = () => undefined;
  /** The watch that it waits for. */
  readonly #watch = new KeptWatch();
  readonly #heartbeat: Heartbeat;
  readonly #landmarks: Landmarks;
  /**
   * The contender that is just before its own for as long as it is there, if that is known without a list:
   * by-number.ts.
   */
  #before: Contender | undefined;
  /** Counts looks: an answer that belongs to an earlier one is stale and dropped. */
  #attempt = 0;
  /** The attempt whose look is to be repeated after a pause. */
  #laterThan: number | undefined;
  readonly #looks: Retries;
  readonly #beats: Retries;

  constructor(contender: Contender, context: CandidacyContext) {
    this.contender = contender;
    this.#context = context;
    this.#landmarks = new Landmarks(context.runtime.near);
    if (context.guid !== undefined) {
      this.#before = namesake(contender, 1);
      this.#landmarks.count(contender);
    }
    const { data, guid } = context;
    this.#own = new OwnZnode(context.session, `${context.path}/${contender.name}`, {
      data,
      ...(guid !== undefined && { guid }),
    });
    const onTrouble = (error: Error, attempt: number) => context.events.emit("trouble", error, attempt);
    this.#looks = new Retries(context.runtime, onTrouble);
    this.#beats = new Retries(context.runtime, onTrouble);
    this.#heartbeat = new Heartbeat(context.session, context.path, context.lease, context.runtime, {
      sent: () => this.#askMore(),
      answered: () => this.#onHeartbeat(),
      failed: (error) => this.#onMissedBeat(error),
    });
  }

  /** Asks with a heartbeat, so that all answers come together. */
  #askMore(): void {
    // A candidate that does not watch its own znode would not notice if somebody had deleted it.
    if (!this.#own.watched) this.#askAfterOwn();
    if (this.#state === "waiting") this.#askAfterLandmark();
  }

  #askAfterOwn(): void {
    this.#asked(this.#checkOwn().then(() => this.#context.events.emit("beat", "own")));
  }

  #askAfterLandmark(): void {
    const { nearest } = this.#landmarks;
    if (nearest !== undefined) this.#asked(this.#checkLandmark(nearest));
    else if (this.#heartbeat.pace === "far") this.#heartbeat.pace = "near";
  }

  async #checkLandmark(landmark: Contender): Promise<void> {
    const { events, path, session } = this.#context;
    const stat = await session.exists(`${path}/${landmark.name}`);
    events.emit("beat", "landmark");
    // A look may have found others meanwhile.
    if (this.#isGone() || landmark !== this.#landmarks.nearest) return;
    if (stat === undefined) {
      this.#landmarks.forget(landmark);
      this.#askAfterLandmark();
    } else {
      this.#landmarks.found();
      if (this.#state === "waiting" && this.#heartbeat.pace === "near") this.#heartbeat.pace = "far";
    }
  }

  /** What failed is asked again with the next heartbeat. */
  #asked(answer: Promise<unknown>): void {
    const settled = answer.catch((error) => {
      if (!this.#isGone()) this.#onMissedBeat(errorFrom(error));
    });
    this.#context.runtime.sent?.(settled);
  }

  #onHeartbeat(): void {
    this.#context.events.emit("beat", "sync");
    if (this.#heartbeat.pace === "renewing" && this.#context.lease.valid) this.#renewed();
  }

  /** It was the oldest when it looked, and had no lease: now it may claim. */
  #renewed(): void {
    this.#heartbeat.pace = "leading";
    if (this.#context.session.state === "connected" && this.#leadership === undefined)
      this.#lookAfterOwn("lapsed");
  }

  #onMissedBeat(error: Error): void {
    if (passes(error)) this.#beats.failed(error);
    else if (!(error instanceof OutcomeUnknown)) this.#context.onError(error);
  }

  /** The contender has been created, or its session is connected again. */
  connected(cause: "joined" | "reconnected"): void {
    try {
      this.#context.lease.check();
    } catch (error) {
      this.#context.onError(errorFrom(error));
      return;
    }
    // This comes first: the lease counts from this connection only once a sync over it is answered.
    if (cause === "reconnected") this.#heartbeat.beat();
    if (this.#leadership !== undefined) {
      // The lease has held: the leader goes on, if its znode is still there.
      void this.#establish(this.#leadership.term);
    } else this.#lookAfterOwn(cause);
  }

  /**
   * Changes the data that others can read.
   * @returns whether the znode is there; if not, another contender takes its place
   */
  async proclaim(data: string): Promise<boolean> {
    const written = await this.#own.proclaim(data);
    if (!written) this.#vanished();
    return written;
  }

  suspended(): void {
    this.#attempt++;
    if (this.#leadership !== undefined && this.#context.suspendedPolicy === "session") return;
    this.#endTerm("suspended");
    this.#standBy();
  }

  /** Ends the candidacy: from here on it does nothing and emits nothing. Somebody else removes the znode. */
  stop(reason: EndReason): void {
    if (this.#isGone()) return;
    this.#state = "gone";
    this.#attempt++;
    this.#heartbeat.stop();
    this.#endTerm(reason);
    // All that takes a while waits for the delete that a leader sends when it resigns.
    void Promise.resolve().then(() => this.#clearAway());
  }

  #clearAway(): void {
    this.#watch.cancel();
    this.#own.unwatch();
    this.#heartbeat.clearTimer();
    this.#stopWatchingLease();
  }

  /**
   * Emits a new state.
   * @returns whether the candidacy goes on: it may have been stopped before, or by a listener
   */
  #become(state: Phase, told: ElectionState): boolean {
    if (this.#isGone()) return false;
    this.#state = state;
    this.#context.become(told);
    return !this.#isGone();
  }

  // Looking: the measured time is the time from here to the claim

  /**
   * Looks, and has its own znode checked over the same connection: that answer comes before the list's. If the
   * owner's connection is unbroken, no check is needed, since the list alone shows whether the znode is there.
   */
  #lookAfterOwn(cause: LookCause): void {
    if (!this.#become("looking", { state: "looking", contender: this.contender })) return;
    this.#checkOwn().catch((error) => this.#failed(error));
    if (this.#before === undefined) {
      void this.#look(cause);
      return;
    }
    // Those that it remembers may have gone: where many have, none of them is there, and it is near.
    this.#landmarks.doubt();
    this.#askAfterLandmark();
    void this.#waitBehind(this.#before);
  }

  async #checkOwn(): Promise<void> {
    const stat = await this.#own.check();
    if (this.#isGone()) return;
    if (!stat?.createdInThisSession) this.#vanished();
    else if (this.#token === undefined) {
      this.#token = stat.czxid;
      this.#context.events.emit("created", this.contender, stat.czxid);
    }
  }

  async #look(cause: LookCause): Promise<void> {
    const { events, onError, path, scheme } = this.#context;
    const attempt = ++this.#attempt;
    this.#before = undefined;
    events.emit("reading", cause);
    if (attempt !== this.#attempt) return;
    try {
      const listed = this.#list();
      this.#context.lease.prepare();
      const children = (await listed) ?? [];
      if (attempt !== this.#attempt) return;
      const view = new OwnView(children, this.contender, cause);
      events.emit("read", view.length);
      if (attempt !== this.#attempt) return;
      // Only children that are not ours are worth the time to look at names.
      if (view.length < children.length) {
        const foreign = foreignAmong(path, children);
        if (foreign !== undefined) return onError(foreign);
      }
      // Somebody deleted the znode. Nothing is left to wait for.
      if (view.position === -1) return this.#vanished();
      this.#landmarks.look(view);
      const decision = scheme.decide(view);
      switch (decision.type) {
        case "lead":
          return this.#claim();
        case "watch":
          if (this.#context.guid !== undefined) this.#before = decision.contender;
          return await this.#wait(attempt, decision.contender);
        case "watch-children":
          // A watch that was already armed has fired before this answer came.
          if (!this.#watch.armed) return await this.#look(cause);
          return this.#settle({ state: "waiting", contender: this.contender, watching: "children" });
        default:
          // A user's scheme may return anything.
          throw new TypeError(`${scheme.name} decided ${JSON.stringify(decision satisfies never)}`);
      }
    } catch (error) {
      if (attempt === this.#attempt) this.#failed(error);
    }
  }

  /**
   * Needs no list, because this one is known to be just before, if it is there: by its number, or because this
   * candidate has seen or watched it there (by-number.ts), or because only its data have changed.
   */
  async #waitBehind(before: Contender): Promise<void> {
    const attempt = ++this.#attempt;
    try {
      await this.#wait(attempt, before);
    } catch (error) {
      if (attempt === this.#attempt) this.#failed(error);
    }
  }

  #list(): Promise<string[] | undefined> {
    const { path, scheme, session } = this.#context;
    if (!scheme.watchesChildren) return session.children(path);
    const onChange = (event: WatchEvent) => this.#woken("children", event);
    return this.#watch.set(path, onChange, (watch) => session.children(path, watch));
  }

  async #wait(attempt: number, target: Contender): Promise<void> {
    const { path, scheme, session } = this.#context;
    const znode = `${path}/${target.name}`;
    const onChange = (event: WatchEvent) => this.#woken(target, event);
    // This uses `get`, not `exists`: on a znode that has gone meanwhile, `exists` would leave a watch for ever.
    const found = await this.#watch.set(znode, onChange, (watch) => session.get(znode, watch));
    if (attempt !== this.#attempt) return;
    if (found === undefined) return this.#look("vanished");
    // A watch that was already armed has fired before this answer came.
    if (!this.#watch.armed) return this.#wait(attempt, target);
    if (found.stat.ephemeralOwner === NOBODY) return this.#context.onError(ownerless(path, target.name));
    const waiting = { state: "waiting", contender: this.contender, watching: target } as const;
    const leads = decode(found.data).announced === found.stat.czxid;
    if (!(leads && scheme.inherits === true)) return this.#settle(waiting);
    if (!this.#become("waiting", waiting)) return;
    if (!(await this.#watchOwn()) || attempt !== this.#attempt) return;
    this.#heartbeat.pace = "leading";
    this.#settle({ ...waiting, state: "heir" });
  }

  #settle(state: Extract<ElectionState, { state: "waiting" | "heir" }>): void {
    if (state.state === "waiting") this.#heartbeat.pace = this.#landmarks.distance;
    if (this.#become(state.state, state)) this.#context.events.emit("armed", state.watching);
  }

  #woken(watching: Contender | "children", event: WatchEvent): void {
    if (this.#isGone()) return;
    const { events, lease, session } = this.#context;
    events.emit("notified", watching, event);
    if (this.#state !== "waiting" && this.#state !== "heir") return;
    if (event === "changed" && watching !== "children") {
      // The other one has announced itself, or has new data: the line has not changed.
      void this.#waitBehind(watching);
    } else if (this.#state === "heir" && lease.valid && session.state === "connected") {
      this.#attempt++;
      this.#claim();
    } else {
      if (this.#state === "heir") this.#heartbeat.pace = "near";
      this.#state = "looking";
      void this.#look("notified");
    }
  }

  // Leading

  #claim(): void {
    const { events, lease } = this.#context;
    this.#before = undefined;
    // The token is known since before the list, unless the request for it was lost or not carried out.
    if (this.#token === undefined) {
      this.#lookLater(
        "reconnected",
        new Error("the ensemble has not answered whether the contender is there"),
      );
      return;
    }
    // The answer took longer than the lease that it renews.
    if (!lease.valid) {
      this.#heartbeat.pace = "renewing";
      const error = new Error("the lease had run out before the ensemble answered");
      this.#lookLater("lapsed", error, RENEWED_WITHIN * lease.tickTimeMs);
      return;
    }
    this.#leadership = Term.begin(this.contender, this.#token, lease);
    const { term } = this.#leadership;
    this.#state = "leading";
    events.emit("claimed", term);
    // Any listener may end the term.
    if (term.isOver || !this.#become("leading", { state: "leading", term }) || term.isOver) return;
    this.#stopWatchingLease = lease.whenLapsed(() => this.#lapsed());
    void this.#establish(term);
  }

  /**
   * A new leader's work off the critical path: it keeps its lease alive, announces that it leads, and watches
   * its own znode.
   */
  async #establish(term: Term): Promise<void> {
    this.#heartbeat.pace = "leading";
    try {
      const announced = this.#context.scheme.inherits === true ? this.#announce(term) : Promise.resolve();
      await Promise.all([announced, this.#watchOwn()]);
    } catch (error) {
      if (!term.isOver) this.#failed(error);
    }
  }

  async #announce(term: Term): Promise<void> {
    if (!(await this.#own.announce(term.token))) this.#vanished();
    else if (!term.isOver) this.#context.events.emit("announced", term);
  }

  /** Whether its own znode is there, and watched. */
  async #watchOwn(): Promise<boolean> {
    const announced = await this.#own.watch((event) => void this.#ownChanged(event));
    if (announced === "missing") this.#vanished();
    else await this.#sayAgain(announced);
    return announced !== "missing";
  }

  /** If somebody has overwritten the announcement, the candidate behind would wait for it in vain. */
  async #sayAgain(announced: number | undefined): Promise<void> {
    const term = this.#leadership?.term;
    if (term === undefined || this.#context.scheme.inherits !== true) return;
    if (announced !== term.token) await this.#announce(term);
  }

  /**
   * The change is its own announcement, or somebody writes where only this candidate should. Until the watch is
   * set again, nothing would report the end of its own znode: it is not an heir meanwhile.
   */
  async #ownChanged(event: WatchEvent): Promise<void> {
    if (this.#isGone()) return;
    if (event === "deleted") return this.#vanished();
    const attempt = this.#attempt;
    const before = this.#state;
    if (before === "heir") this.#state = "waiting";
    try {
      const there = await this.#watchOwn();
      if (there && before === "heir" && attempt === this.#attempt) this.#state = "heir";
    } catch (error) {
      this.#failed(error);
    }
  }

  /** The session may still live. If so, the next answer shows it, and this candidate leads again. */
  #lapsed(): void {
    this.#endTerm("lapsed");
    if (this.#context.session.state === "connected") this.#lookAfterOwn("lapsed");
    else this.#standBy();
  }

  #endTerm(reason: EndReason): void {
    if (this.#leadership === undefined) return;
    const { term, end } = this.#leadership;
    this.#leadership = undefined;
    if (!this.#isGone()) {
      this.#stopWatchingLease();
      this.#state = "looking";
      this.#heartbeat.pace = "near";
    }
    end(reason);
    this.#context.events.emit("ended", term, reason);
  }

  // Trouble

  #standBy(): void {
    this.#heartbeat.pace = "near";
    this.#become("suspended", { state: "suspended" });
  }

  #vanished(): void {
    if (this.#isGone()) return;
    // A leader that stood still may hear that its contender went, with its session, before any timer calls.
    this.stop(this.#context.lease.valid ? "deleted" : "lapsed");
    this.#context.onGone();
  }

  #failed(error: unknown): void {
    if (this.#isGone()) return;
    if (passes(error)) {
      // The session is about to report that it is suspended, and then this look is stale. If it never does:
      this.#lookLater("reconnected", error);
    } else if (!(error instanceof OutcomeUnknown)) this.#context.onError(errorFrom(error));
  }

  #lookLater(cause: LookCause, error: Error, atLeastMs = 0): void {
    const { runtime, session } = this.#context;
    if (this.#leadership === undefined && session.state === "connected")
      this.#become("looking", { state: "looking", contender: this.contender });
    const attempt = this.#attempt;
    // Two requests of one look may have failed.
    if (this.#laterThan === attempt) return;
    this.#laterThan = attempt;
    runtime.after(Math.max(this.#looks.failed(error), atLeastMs), () => {
      if (this.#laterThan === attempt) this.#laterThan = undefined;
      if (attempt !== this.#attempt || this.#isGone() || session.state !== "connected") return;
      if (this.#leadership === undefined) this.#lookAfterOwn(cause);
      else void this.#establish(this.#leadership.term);
    });
  }

  #isGone(): boolean {
    return this.#state === "gone";
  }
}
