/**
 * The judge of a simulated run: it sees the whole world, and compares each candidate's beliefs with the truth.
 * These invariants hold in every run, and are known by their letters:
 *
 * a  at most one term is valid; a leader with a living session is the oldest; a term is valid only while its
 *    session lives; a lost connection ends a strict leader's term
 * b  the tokens of successive leaders rise
 * c  a write with an old token is refused: the tokens that a resource has accepted never decrease
 * d  a session has at most one contender, and a candidate that stands has one
 * e  each waiting candidate watches what its scheme says, and nothing else
 * f  when all have left, no znode, no watch and no listener is left
 * g  there is a leader within the bound, and whoever may lead soon has a lease
 * h  terms begin and end in turns, and nothing fails unexpectedly
 *
 * An operator who ends a session or deletes a contender breaks what a lease can know: only the fence can stop
 * the victim, which is not counted until it has been told. The same holds when the ensemble loses its data;
 * then tokens and fences start afresh as well.
 */
import { byAge, type Contender, contenderOf, contendersOf } from "../election/contenders.ts";
import { Lease } from "../election/lease.ts";
import type { Scheme } from "../election/scheme.ts";
import type { EndReason, Term } from "../election/term.ts";
import { ELECTION, type Participant, RESOURCE, type Witness } from "./participant.ts";
import { childrenOf, committed, heldWatches, isAlive } from "./view.ts";
import type { World } from "./world.ts";
import type { Znode } from "./znode-tree.ts";

export type Invariant = "a" | "b" | "c" | "d" | "e" | "f" | "g" | "h";

export class Violation extends Error {
  override readonly name = "Violation";
  readonly invariant: Invariant;

  constructor(invariant: Invariant, message: string) {
    super(message);
    this.invariant = invariant;
  }
}

export class Judge implements Witness {
  readonly #world: World;
  readonly #participants: readonly Participant[];
  readonly #tell: (line: string) => void;
  /** Sessions that an operator has ended. */
  readonly #struck = new Set<string>();
  /** The contenders that an operator deleted: the zxid of the deletion, by path. */
  readonly #deleted = new Map<string, number>();
  /** The transaction after which a leading contender was last compared with the others, by its name. */
  readonly #comparedAt = new Map<string, number>();
  /**
   * The time until which a candidate may not yet have repeated a request that a server was too busy to answer.
   */
  #excusedUntil = Number.NEGATIVE_INFINITY;
  #highest = { token: -1, contender: "" };
  #accepted = { token: 0, mzxid: 0 };
  #found: Violation | undefined;

  constructor(world: World, participants: readonly Participant[], tell: (line: string) => void) {
    this.#world = world;
    this.#participants = participants;
    this.#tell = tell;
  }

  /** The first violation found. */
  get violation(): Violation | undefined {
    return this.#found;
  }

  /** An operator has ended this session. */
  struck(session: string): void {
    this.#struck.add(session);
  }

  /** An operator has deleted this contender. */
  deleted(name: string): void {
    this.#deleted.set(name, this.#world.ensemble.zxid);
  }

  /** A server does not carry out its calls; the caller repeats each within this time. */
  throttled(retryMs: number): void {
    this.#excusedUntil = this.#world.now + retryMs;
  }

  /** The ensemble is about to lose all data: this ends all sessions, and its numbers start afresh. */
  lostData(): void {
    for (const session of this.#world.ensemble.sessions.keys()) this.#struck.add(session);
    this.#deleted.clear();
    this.#comparedAt.clear();
    this.#highest = { token: -1, contender: "" };
    this.#accepted = { token: 0, mzxid: 0 };
  }

  // While it happens

  claimed(participant: Participant, { contender, token }: Term): void {
    const { index } = participant;
    this.#tell(`candidate ${index} claims with ${contender.sequence}, token ${token}`);
    if (participant.term !== undefined) this.#find("h", `candidate ${index} claims while it leads`);
    const session = participant.election?.session.id ?? "";
    if (!isAlive(this.#world, session)) {
      if (!this.#struck.has(session))
        this.#find("a", `candidate ${index} claims, and its session has expired`);
      return;
    }
    // Under a parent that was made again another one may have its name for a moment: see by-number.ts.
    if (committed(this.#world).get(`${ELECTION}/${contender.name}`)?.czxid !== token) {
      this.#checkDeleted(participant, contender);
      return;
    }
    const [oldest] = contendersOf(childrenOf(this.#world, ELECTION).map(({ name }) => name));
    if (oldest?.name !== contender.name)
      this.#find(
        "a",
        `candidate ${index} claims with ${contender.sequence}, and ${oldest?.sequence} is older`,
      );
    if (
      token < this.#highest.token ||
      (token === this.#highest.token && contender.name !== this.#highest.contender)
    )
      this.#find("b", `candidate ${index} claims with the token ${token} after ${this.#highest.token}`);
    this.#highest = { token, contender: contender.name };
  }

  ended(participant: Participant, term: Term, reason: EndReason): void {
    this.#tell(`candidate ${participant.index}'s term ${term.token} ended: ${reason}`);
    if (participant.term !== term)
      this.#find("h", `candidate ${participant.index} ends a term that it had not begun`);
    if (term.valid) this.#find("a", `candidate ${participant.index}'s term is valid after its end`);
  }

  surprised({ index }: Participant, error: unknown): void {
    this.#find("h", `candidate ${index}: ${error instanceof Error ? error.stack : String(error)}`);
  }

  // After each event

  check(): void {
    const tree = committed(this.#world);
    this.#checkResource(tree.get(RESOURCE));
    const contenders = tree.get(ELECTION)?.children;
    let valid: Participant | undefined;
    for (const participant of this.#participants) {
      const { term, termSession, election, index } = participant;
      if (term === undefined) continue;
      const alive = isAlive(this.#world, termSession);
      const struck = this.#struck.has(termSession);
      const stands = tree.get(`${ELECTION}/${term.contender.name}`)?.czxid === term.token;
      if (alive && stands && contenders !== undefined) this.#checkOldest(participant, term, contenders);
      else if (alive && isQuiet(participant)) this.#checkDeleted(participant, term.contender);
      if (participant.isStrict && election?.session.state !== "connected" && participant.client.runs)
        this.#find("a", `candidate ${index} leads while its session is ${election?.session.state}`);
      if (!term.valid) continue;
      if (!alive && !struck)
        this.#find("a", `candidate ${index}'s term is valid, and its session has expired`);
      if (!alive || !stands) continue;
      if (valid !== undefined)
        this.#find("a", `the terms of candidates ${valid.index} and ${index} are both valid`);
      valid = participant;
    }
  }

  #checkOldest({ index }: Participant, { contender }: Term, contenders: ReadonlySet<string>): void {
    const { zxid } = this.#world.ensemble;
    if (this.#comparedAt.get(contender.name) === zxid) return;
    this.#comparedAt.set(contender.name, zxid);
    for (const name of contenders) {
      const other = contenderOf(name);
      if (other !== undefined && byAge(other, contender) < 0)
        this.#find(
          "a",
          `candidate ${index} leads with ${contender.sequence}, and ${other.sequence} is older`,
        );
    }
  }

  /**
   * Nobody can know of a deletion before it is reported; from then on nobody may lead with the deleted
   * contender.
   */
  #checkDeleted({ index, session }: Participant, { name, sequence }: Contender): void {
    if (this.#world.now < this.#excusedUntil) return;
    const deletedAt = this.#deleted.get(name);
    if (session !== undefined && (deletedAt === undefined || deletedAt <= session.seen))
      this.#find("a", `candidate ${index} leads with ${sequence}, and could know that it was deleted`);
  }

  #checkResource(resource: Znode | undefined): void {
    if (resource === undefined || resource.mzxid === this.#accepted.mzxid) return;
    const token = Number(resource.data.slice(0, Math.max(0, resource.data.indexOf("\n"))));
    if (token < this.#accepted.token)
      this.#find("c", `a write with the token ${token} was accepted after ${this.#accepted.token}`);
    this.#accepted = { token, mzxid: resource.mzxid };
  }

  // When everything is healed and quiet

  /** @param rested whether it was long enough for everybody to find its pace */
  checkQuiet(rested: "briefly" | "long"): void {
    this.check();
    const contenders = contendersOf(childrenOf(this.#world, ELECTION).map(({ name }) => name));
    const tree = committed(this.#world);
    for (const { session, index } of this.#participants) {
      const own = session === undefined ? 0 : tree.ephemeralsOf(session.id).size;
      if (own > 1) this.#find("d", `candidate ${index}'s session has ${own} contenders`);
    }
    let leaders = 0;
    let standing = 0;
    for (const participant of this.#participants) {
      const { election, index, session } = participant;
      if (election === undefined || session === undefined) continue;
      const { state } = election;
      switch (state.state) {
        case "idle":
        case "over":
          if (tree.ephemeralsOf(session.id).size > 0)
            this.#find("d", `candidate ${index} is ${state.state}, and has a contender`);
          break;
        case "leading":
          leaders++;
          standing++;
          this.#checkWatches(participant, [`${ELECTION}/${state.term.contender.name}`]);
          break;
        case "waiting":
        case "heir": {
          standing++;
          const place = contenders.findIndex(({ name }) => name === state.contender.name);
          if (place === -1) this.#find("d", `candidate ${index} waits without a contender`);
          const target = watchedAt(participant.scheme, contenders, place);
          const own = `${ELECTION}/${state.contender.name}`;
          this.#checkWatches(participant, [
            target === undefined ? ELECTION : `${ELECTION}/${target.name}`,
            ...(state.state === "heir" ? [own] : []),
          ]);
          if (rested === "long") this.#checkReady(participant, place);
          break;
        }
        case "joining":
        case "looking":
        case "suspended":
        case "rejoining":
        case "resigning":
          this.#find("g", `candidate ${index} is still ${state.state} when all is healed`);
          break;
        default:
          state satisfies never;
      }
    }
    if (standing > 0 && leaders !== 1) this.#find("g", `${standing} candidates stand, and ${leaders} lead`);
  }

  /** Whoever watches only the leader is not told of others that go, so it may be nearer than it believes. */
  #checkReady({ session, scheme, index, client }: Participant, place: number): void {
    const { ensemble, near } = this.#world;
    if (place >= near || session === undefined || !tells.has(scheme.name)) return;
    if (!new Lease(session, client, ensemble.tickTimeMs).valid)
      this.#find("g", `candidate ${index} has ${place} before it, and no lease`);
  }

  #checkWatches({ session, index, leftovers }: Participant, expected: readonly string[]): void {
    const tree = committed(this.#world);
    const held = heldWatches(this.#world)
      .filter((watch) => watch.session === session?.id)
      .map(({ path }) => path);
    const kept = session?.watches.count ?? 0;
    if (kept > held.length + leftovers)
      this.#find("e", `candidate ${index}'s client keeps ${kept} watches, ${held.length} are set`);
    const missing = expected.filter((path) => !held.includes(path));
    if (missing.length > 0)
      this.#find(
        "e",
        `candidate ${index} does not watch ${missing.join(" and ")}, only ${held.join() || "nothing"}`,
      );
    // A candidate that was an heir once, or was about to be one, may still watch its own znode.
    const own = (path: string) => tree.get(path)?.owner === session?.id;
    const extra = held.filter((path) => !expected.includes(path) && path !== ELECTION && !own(path));
    if (extra.length > leftovers) this.#find("e", `candidate ${index} also watches ${extra.join()}`);
  }

  // When all have left

  checkEmpty(): void {
    const left = childrenOf(this.#world, ELECTION).map(({ name }) => name);
    if (left.length > 0) this.#find("f", `contenders are left: ${left.join()}`);
    const watches = heldWatches(this.#world).map(({ path }) => path);
    if (watches.length > 0) this.#find("f", `watches are left: ${watches.join()}`);
    for (const { index, session, term } of this.#participants) {
      if (term !== undefined) this.#find("h", `candidate ${index} still believes that it leads`);
      const listeners = session?.listenerCount("state") ?? 0;
      if (listeners > 0) this.#find("f", `candidate ${index}'s session has ${listeners} listeners left`);
    }
  }

  #find(invariant: Invariant, message: string): void {
    if (this.#found !== undefined) return;
    this.#tell(`VIOLATION of (${invariant}): ${message}`);
    this.#found = new Violation(invariant, message);
  }
}

/**
 * The znode that the built-in schemes are supposed to watch, independent of their code: `undefined` for the
 * list.
 */
function watchedAt(
  scheme: Scheme,
  contenders: readonly Contender[],
  position: number,
): Contender | undefined {
  switch (scheme.name) {
    case "predecessor":
    case "heir":
      return contenders[position - 1];
    case "leader":
      return contenders[0];
    case "children":
      return undefined;
    default: {
      // A user's scheme is trusted.
      const decision = scheme.decide({ contenders, position, cause: "notified" });
      return decision.type === "watch" ? decision.contender : undefined;
    }
  }
}

/** Schemes that have a candidate look again when the one before it goes. */
const tells: ReadonlySet<string> = new Set(["predecessor", "heir", "children"]);

/** Whether nothing is in flight that could tell it more. */
function isQuiet({ session }: Participant): boolean {
  if (session?.state !== "connected") return false;
  return session.connections.every(
    ({ toServer, toClient, taken }) => toServer.length + toClient.length + taken.length === 0,
  );
}
