/**
 * Sees a candidate's election from outside, by its packets: whatever it is written in, it cannot create, list,
 * watch or be told of anything without them. What only the candidate knows, when it begins to lead and when it
 * no longer believes that it does, it has to say itself.
 *
 * What is seen is seen by the relay: requests before they reach the server, replies and notifications before
 * they reach the candidate.
 */

import type { Status } from "../candidates/board.ts";
import { codesOf } from "../history/columns.ts";
import {
  type EventOf,
  endReasons,
  readCauses,
  type ServingServer,
  servingServers,
  watchKinds,
} from "../history/event.ts";
import type { Recorder } from "../history/recorder.ts";
import type { Onlooker } from "../network/relayed-connection.ts";
import {
  type Connected,
  childNames,
  createdPath,
  NOTIFICATION,
  type Notification,
  type Request,
  readConnected,
  readNotification,
  readReply,
  readRequest,
} from "../network/zookeeper-messages.ts";
import { sequenceIn } from "../zookeeper/znode-name.ts";
import type { Tally } from "./tally.ts";

const watchCodes = codesOf(watchKinds);
const causeCodes = codesOf(readCauses);
const reasonCodes = codesOf(endReasons);

type EndReason = EventOf<"ended">["reason"];

/** What a program may give as the reason. */
export function endReason(text: string | undefined): EndReason | undefined {
  const reason = endReasons.find((one) => one === text);
  if (reason !== undefined || text === undefined) return reason;
  throw new Error(`it gives the reason ${JSON.stringify(text)}, which is none of ${endReasons.join(", ")}`);
}

/** What a candidate's steps are told to. */
export interface Testimony {
  readonly recorder: Recorder;
  /** The election's znode as the servers know it, with any chroot. */
  readonly election: string;
  /** Whether leaders announce themselves in their own znodes. */
  readonly inherits: boolean;
  /** Called with its status, and its contender's sequence, after each step. */
  onStatus(status: Status, sequence: number): void;
  /** A heartbeat has been answered. */
  onBeat(asked: "sync" | "own"): void;
  /** It contradicts what it has said, in words. */
  onContradiction(words: string): void;
}

interface Contender {
  readonly path: string;
  readonly sequence: number;
  readonly czxid: number;
  /** When it was seen to exist, in nanoseconds since the run's origin. */
  readonly since: number;
}

/** A session, as its first packets tell. */
export interface WitnessedSession {
  readonly id: string;
  readonly password: string;
  readonly timeoutMs: number;
}

export class Witness {
  readonly #tally: Tally;
  #testimony: Testimony | undefined;
  #session: WitnessedSession | undefined;
  #server: ServingServer = "unknown";
  #own: Contender | undefined;
  /** It was asked to be removed: whoever watches it hears that before the answer. */
  #removing: Contender | undefined;
  /** The contender with which it said that it leads. */
  #term: Contender | undefined;
  /** Its latest contender's, also when that is gone. */
  #lastSequence = 0;
  /** Whether it said that it leads, and not that it no longer does. */
  #leads = false;
  /** Whether its connection was lost while it led: nobody sees from outside when it learns that. */
  #isUntold = false;
  #isClosing = false;
  /** The connection over which nothing more can come, as its process has ended. */
  #orphan: Connection | undefined;
  /** The connection that its session uses now. */
  #current: Connection | undefined;
  /** Whether nobody stands before it, as it last saw: then it waits for nobody, and is about to lead. */
  #isFirst = false;
  /** Paths on which it waits for a notification, each with the kind of its watch. */
  readonly #watches = new Set<string>();
  /** Those of these that an earlier contender of its own set: it no longer waits for them. */
  readonly #outlived = new Set<string>();
  /** What makes it look next. */
  #cause: (typeof readCauses)[number] = "joined";
  /** When something passed that is no heartbeat (`performance.now()`). */
  #busyAt = performance.now();

  /** @param tally counts its packets */
  constructor(tally: Tally) {
    this.#tally = tally;
  }

  get session(): WitnessedSession | undefined {
    return this.#session;
  }

  /** Whether its contender exists, as far as it knows. */
  get stands(): boolean {
    return this.#own !== undefined;
  }

  /**
   * When something last passed that is no heartbeat; now, if an answer is outstanding (`performance.now()`).
   */
  get busyAt(): number {
    return (this.#current?.asked ?? 0) > 0 ? performance.now() : this.#busyAt;
  }

  /** Its steps are told to this from now on. */
  tell(testimony: Testimony): void {
    this.#testimony = testimony;
    this.#leads = false;
    if (this.#current?.isUp && this.#session !== undefined) this.#recordConnected(this.#session);
  }

  /** A connection of the candidate, to the server at this place. */
  connection(server: ServingServer): Onlooker {
    return new Connection(this.#tally, {
      connected: (connection, connected) => this.#connected(connection, connected, server),
      isHeartbeat: (request) => this.#isHeartbeat(request),
      asks: (connection, request) => this.#asks(connection, request),
      isAnswered: (request, packet) => this.#isAnswered(request, packet),
      notified: (notification) => this.#notified(notification),
      over: (connection) => this.#over(connection),
    });
  }

  /**
   * It says that it leads.
   * @param at in nanoseconds since the run's origin, if it says so
   * @throws when it has no contender
   */
  leads(at: number | undefined, token: number | undefined): void {
    const own = this.#own;
    if (own === undefined) throw new Error("it says that it leads, and has no contender in the election");
    if (token !== undefined && token !== own.czxid)
      throw new Error(`it says that its token is ${token}, and its contender has the czxid ${own.czxid}`);
    if (this.#leads) throw new Error("it says that it leads, and has said so before");
    if (at !== undefined && at < own.since)
      throw new Error("it says that it began to lead before its contender existed");
    this.#leads = true;
    this.#term = own;
    this.#testimony?.recorder.recordAt(at, "claimed", own.sequence, own.czxid);
    this.#step();
  }

  /**
   * It says that it no longer leads.
   * @param validUntil until when its lease held, if it has one
   */
  ends(at: number | undefined, reason: EndReason | undefined, validUntil: number | undefined): void {
    if (!this.#leads) throw new Error("it says that it no longer leads, and has not said that it does");
    this.#end(at, reason ?? this.#likelyReason, validUntil);
    this.#step();
  }

  /** Whether it stands first in line, connected, and has not said that it leads. */
  get isAboutToLead(): boolean {
    return this.#own !== undefined && this.#isFirst && !this.#leads && this.#current?.isUp === true;
  }

  /** Its process has ended: whoever goes on to use its session is another one. */
  exits(): void {
    this.#orphan = this.#isClosing ? undefined : this.#current;
  }

  /** Its process is gone: it no longer believes anything. */
  dies(at: number): void {
    if (this.#leads) this.#end(at, "died", undefined);
    this.#own = undefined;
    this.#session = undefined;
    this.#current = undefined;
    this.#watches.clear();
    this.#outlived.clear();
    this.#isClosing = false;
    this.#step();
  }

  /** A program may say that its term has ended before it deletes its contender, or hangs up. */
  get #likelyReason(): EndReason {
    if (this.#own === undefined) return "deleted";
    return this.#isClosing ? "closed" : "suspended";
  }

  #end(at: number | undefined, reason: EndReason, validUntil: number | undefined): void {
    const recorder = this.#testimony?.recorder;
    this.#leads = false;
    if (this.#isUntold) recorder?.recordAt(at, "suspended");
    this.#isUntold = false;
    if (validUntil !== undefined) recorder?.recordAt(at, "leased", validUntil);
    recorder?.recordAt(at, "ended", this.#term?.sequence ?? 0, reasonCodes[reason]);
  }

  #connected(
    connection: Connection,
    { session, password, timeoutMs }: Connected,
    server: ServingServer,
  ): void {
    if (timeoutMs === 0) {
      this.#testimony?.recorder.record("expired");
      this.#forget();
      this.#session = undefined;
      this.#step();
      return;
    }
    if (session !== this.#session?.id) {
      if (this.#current?.isUp && this.#current !== connection && !this.#isClosing)
        this.#testimony?.onContradiction("it has opened a second session, and a candidate has one");
      this.#forget();
    }
    this.#session = { id: session, password, timeoutMs };
    this.#server = server;
    this.#current = connection;
    this.#isClosing = false;
    this.#isUntold = false;
    this.#cause = this.#own === undefined ? "joined" : "reconnected";
    this.#recordConnected(this.#session);
    this.#step();
  }

  #recordConnected({ id }: WitnessedSession): void {
    const bits = BigInt(`0x${id}`);
    this.#testimony?.recorder.record(
      "connected",
      Number(bits >> 32n),
      Number(bits & 0xffffffffn),
      servingServers.indexOf(this.#server),
    );
  }

  #asks(connection: Connection, request: Request): void {
    const testimony = this.#testimony;
    if (testimony === undefined) return;
    // A will is carried out over a connection of its own.
    if (connection === this.#orphan && request.operation === "close")
      testimony.onContradiction(
        "its process has ended, and another process has closed its session; let the command become the candidate, " +
          "as `exec` does in a shell script",
      );
    const { recorder } = testimony;
    const { operation, path } = request;
    if (operation === "create" && isIn(testimony.election, path)) recorder.record("creating");
    else if (operation === "children" && path === testimony.election)
      recorder.record("reading", causeCodes[this.#cause]);
    else if (operation === "remove" && path === this.#own?.path) {
      this.#removing = this.#own;
      recorder.record("removing", this.#own.sequence);
    } else if (operation === "close") {
      this.#isClosing = true;
      recorder.record("closing");
    }
    if (!this.#isHeartbeat(request)) this.#step();
  }

  #isAnswered(request: Request, packet: Buffer): void {
    const testimony = this.#testimony;
    if (testimony === undefined) return;
    const { recorder, election } = testimony;
    const { operation, path, watch } = request;
    const { zxid, error } = readReply(packet);
    const done = error === 0;
    switch (operation) {
      case "create":
        if (done && isIn(election, path)) this.#created(createdPath(packet), zxid);
        break;
      case "children":
        if (path !== election || !done) break;
        this.#sees(childNames(packet));
        if (watch) this.#arm("children", path);
        break;
      case "exists":
      case "read":
        if (watch && done) this.#arm("data", path);
        break;
      case "remove":
        if (path !== this.#removing?.path) break;
        recorder.record("removed", this.#removing.sequence);
        if (this.#own?.path === path) this.#own = undefined;
        break;
      case "set":
        if (done && path === this.#own?.path && this.#leads && testimony.inherits)
          recorder.record("announced");
        break;
      case "sync":
        testimony.onBeat("sync");
        break;
      case "close":
      case "ping":
      case "other":
        break;
      default:
        operation satisfies never;
    }
    if (!this.#isHeartbeat(request)) {
      this.#step();
      return;
    }
    if (operation === "exists") testimony.onBeat("own");
    if (this.#leads && operation !== "ping") recorder.record("beat");
  }

  #sees(children: readonly string[]): void {
    this.#testimony?.recorder.record("read", children.length);
    const sequences = children.flatMap((name) => sequenceIn(name) ?? []);
    this.#isFirst = this.#own !== undefined && sequences.every((one) => one >= this.#lastSequence);
  }

  #created(path: string, czxid: number): void {
    const sequence = sequenceIn(path);
    if (sequence === undefined) return;
    const testimony = this.#testimony;
    if (testimony === undefined) return;
    if (this.#own !== undefined)
      testimony.onContradiction("it has created another contender, while it has one in the election");
    else if (this.#leads)
      testimony.onContradiction(
        'it stands in the election again, and has not said "ended" since it last said "leading"',
      );
    const since = testimony.recorder.momentOf(performance.now());
    this.#own = { path, sequence, czxid, since };
    for (const watch of this.#watches) this.#outlived.add(watch);
    this.#isFirst = false;
    this.#lastSequence = sequence;
    testimony.recorder.record("created", sequence, czxid);
  }

  /** The watch is set when the reply has come. */
  #arm(kind: "children" | "data", path: string): void {
    this.#watches.add(`${kind} ${path}`);
    this.#outlived.delete(`${kind} ${path}`);
    const own = this.#own;
    // A leader waits for nobody.
    if (own === undefined || this.#leads || path === own.path) return;
    const watched = kind === "children" ? own.sequence : sequenceIn(path);
    if (watched === undefined) return;
    this.#testimony?.recorder.record(
      "armed",
      watchCodes[kind === "children" ? "children" : "contender"],
      watched,
    );
  }

  #notified({ change, path }: Notification): void {
    const testimony = this.#testimony;
    const own = this.#own;
    const fired = change === "children" ? `children ${path}` : `data ${path}`;
    this.#watches.delete(fired);
    if (change === "removed") this.#watches.delete(`children ${path}`);
    if (this.#outlived.delete(fired)) return;
    if (testimony === undefined || own === undefined || change === "other") return;
    if (path === own.path) {
      if (change === "removed") this.#own = undefined;
    } else if (change === "children") {
      testimony.recorder.record("notified", watchCodes.children, own.sequence);
    } else {
      const sequence = sequenceIn(path);
      if (sequence === undefined || !isIn(testimony.election, path)) return;
      const kind = change === "changed" && testimony.inherits ? "announcement" : "contender";
      testimony.recorder.record("notified", watchCodes[kind], sequence);
    }
    this.#cause = "notified";
    this.#step();
  }

  #over(connection: Connection): void {
    if (connection !== this.#current) return;
    if (this.#isClosing) {
      this.#testimony?.recorder.record("closed");
      this.#session = undefined;
      this.#forget();
    } else if (this.#leads) this.#isUntold = true;
    else this.#testimony?.recorder.record("suspended");
    this.#step();
  }

  /** Its session is over, and with it its contender and its watches. */
  #forget(): void {
    this.#own = undefined;
    this.#watches.clear();
    this.#outlived.clear();
    this.#cause = "joined";
  }

  #isHeartbeat({ operation, path, watch }: Request): boolean {
    if (operation === "ping" || operation === "sync") return true;
    return operation === "exists" && !watch && path === this.#own?.path;
  }

  #step(): void {
    this.#busyAt = performance.now();
    this.#testimony?.onStatus(this.#status, this.#own?.sequence ?? 0);
  }

  get #status(): Status {
    const own = this.#own;
    const asks = (this.#current?.asked ?? 0) > 0;
    if (own === undefined || this.#isClosing) return asks && !this.#isClosing ? "unsettled" : "out";
    if (!this.#current?.isUp) return "unsettled";
    if (this.#leads) return asks ? "announcing" : "leading";
    const waits = [...this.#watches].some((watch) => !watch.endsWith(own.path));
    return waits && !asks && !this.#isFirst ? "settled" : "unsettled";
  }
}

/** What a connection tells. */
interface Listener {
  connected(connection: Connection, connected: Connected): void;
  isHeartbeat(request: Request): boolean;
  asks(connection: Connection, request: Request): void;
  isAnswered(request: Request, packet: Buffer): void;
  notified(notification: Notification): void;
  over(connection: Connection): void;
}

class Connection implements Onlooker {
  readonly #tally: Tally;
  readonly #listener: Listener;
  readonly #unanswered = new Map<number, Request>();
  readonly #heartbeats = new Set<number>();
  #state: "new" | "asked" | "up" | "over" = "new";

  constructor(tally: Tally, listener: Listener) {
    this.#tally = tally;
    this.#listener = listener;
  }

  get isUp(): boolean {
    return this.#state === "up";
  }

  /** The number of requests without an answer, apart from heartbeats. */
  get asked(): number {
    return this.#unanswered.size - this.#heartbeats.size;
  }

  toServer(packet: Buffer): void {
    if (this.#state === "new") this.#state = "asked";
    else reading(() => this.#asks(packet));
  }

  toClient(packet: Buffer): void {
    reading(() => this.#hears(packet));
  }

  over(): void {
    if (this.#state === "over") return;
    this.#state = "over";
    this.#unanswered.clear();
    this.#heartbeats.clear();
    this.#listener.over(this);
  }

  #asks(packet: Buffer): void {
    const request = readRequest(packet);
    this.#unanswered.set(request.xid, request);
    if (this.#listener.isHeartbeat(request)) this.#heartbeats.add(request.xid);
    else this.#tally.asked(request);
    this.#listener.asks(this, request);
  }

  #hears(packet: Buffer): void {
    if (this.#state === "asked") {
      this.#state = "up";
      this.#listener.connected(this, readConnected(packet));
      return;
    }
    const { xid } = readReply(packet);
    if (xid === NOTIFICATION) {
      const notification = readNotification(packet);
      this.#tally.notified(packet, notification);
      this.#listener.notified(notification);
      return;
    }
    const request = this.#unanswered.get(xid);
    if (request === undefined) return;
    this.#unanswered.delete(xid);
    if (!this.#heartbeats.delete(xid)) this.#tally.answered(packet);
    this.#listener.isAnswered(request, packet);
  }
}

/** Ignores what is no packet: the server answers that. */
function reading(read: () => void): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
}

function isIn(election: string, path: string): boolean {
  return path.startsWith(`${election}/`);
}
