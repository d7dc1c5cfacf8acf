/**
 * Gives the model's steps a duration, so that they can be watched: a message is under way for a while, and the
 * server serves one request after the other. The durations are plausible ones of a small local network, and are
 * no measurement. They choose one of the orders that the model allows, and change nothing else.
 */
import type { Message, Request } from "../simulation/message.ts";
import { Random } from "../simulation/random.ts";
import { reactions } from "../simulation/reactions.ts";
import type { World, WorldEvent } from "../simulation/world.ts";

/** How long a message is under way, in milliseconds: at least, and by how much longer at most. */
const WAY_MS = { least: 0.15, more: 0.25 };
/** A write waits until it is in the log; a list costs time for each child. */
const COST_MS = { write: 0.6, other: 0.03, child: 0.004 };

type Way = Extract<WorldEvent, { type: "take" | "deliver" }>;

export class Pace {
  readonly #world: World;
  readonly #random = new Random(1);
  /** The time when each message arrives. */
  readonly #arrivals = new WeakMap<Request | Message, number>();
  /** The time from which on the server can serve the next request. */
  #freeAt = 0;

  constructor(world: World) {
    this.#world = world;
  }

  /** The next thing happens, with its consequences in the candidates' code. */
  async step(): Promise<void> {
    this.#stamp();
    const world = this.#world;
    const { inputs } = world;
    const events = world.enabled();
    const atOnce = events.find(({ type }) => type !== "take" && type !== "deliver" && type !== "advance");
    const next = atOnce === undefined ? this.#next(events) : undefined;
    if (atOnce !== undefined) world.perform(atOnce);
    else if (next !== undefined && next.at < world.nextDueAt) {
      world.waitUntil(next.at);
      if (next.event.type === "take") this.#freeAt = next.at;
      world.perform(next.event);
    } else {
      const due = events.find(({ type }) => type === "advance");
      if (due !== undefined) world.perform(due);
    }
    if (world.inputs !== inputs) await reactions();
  }

  /** Messages on the way from or to those who can send and hear. */
  get inFlight(): number {
    let count = 0;
    for (const { client, connections } of this.#world.sessions) {
      if (!client.runs || client.network !== "open") continue;
      for (const { toServer, toClient } of connections) count += toServer.length + toClient.length;
    }
    return count;
  }

  #next(events: readonly WorldEvent[]): { readonly at: number; readonly event: Way } | undefined {
    let request: { at: number; event: Way } | undefined;
    let first: { at: number; event: Way } | undefined;
    for (const event of events) {
      if (event.type !== "take" && event.type !== "deliver") continue;
      const at = this.#arrivals.get(this.#headOf(event)) ?? this.#world.now;
      if (event.type === "take") {
        if (request === undefined || at < request.at) request = { at, event };
      } else if (first === undefined || at < first.at) first = { at, event };
    }
    if (request === undefined) return first;
    const servedAt = Math.max(request.at, this.#freeAt) + this.#costOf(this.#headOf(request.event));
    return first !== undefined && first.at <= servedAt ? first : { at: servedAt, event: request.event };
  }

  #headOf(event: Way): Request | Message {
    const session = this.#world.sessions[event.session];
    const head =
      event.type === "deliver"
        ? session?.connection?.toClient[0]
        : session?.connections.find(({ ordinal }) => ordinal === event.connection)?.toServer[0];
    if (head === undefined) throw new Error(`nothing to ${event.type}`);
    return head;
  }

  #costOf(message: Request | Message): number {
    if (!("operation" in message)) return 0;
    switch (message.operation) {
      case "create":
      case "set":
      case "set-acl":
      case "remove":
      case "close-session":
        return COST_MS.write;
      case "children":
        return COST_MS.other + COST_MS.child * this.#world.clients.length;
      default:
        return COST_MS.other;
    }
  }

  /** Messages of one connection do not overtake each other. */
  #stamp(): void {
    for (const { connections } of this.#world.sessions)
      for (const { toServer, toClient } of connections)
        for (const queue of [toServer, toClient]) {
          let last = 0;
          for (const message of queue) {
            const known = this.#arrivals.get(message);
            last =
              known ?? Math.max(last, this.#world.now + WAY_MS.least + WAY_MS.more * this.#random.fraction());
            this.#arrivals.set(message, last);
          }
        }
  }
}
