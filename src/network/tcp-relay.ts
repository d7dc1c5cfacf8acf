/**
 * A TCP relay on the loopback interface. It does to a session what a network does: data in flight can be held,
 * slowed down, lost or cut off, at any byte, without touching client or server. It can read ZooKeeper's
 * framing, so a fault can strike a particular request or its answer.
 *
 * A relay accepts a connection at once, and connects to its server with the first bytes: so opening a
 * connection takes one round trip less than on a network with the same latency.
 *
 * The relay runs on its caller's thread, with its precision: a timer fires up to a millisecond late, or more if
 * the thread is busy. A native session of the same thread that is closed while connected waits in vain for its
 * answer, for 1.5 s. The relays of a run have a thread of their own: network.ts.
 */
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { Judge } from "./flow.ts";
import { type ConnectionOptions, RelayedConnection, reset } from "./relayed-connection.ts";
import { ActiveRule, type Direction, type Rule } from "./rule.ts";
import type { PacketKind } from "./zookeeper-frames.ts";

export interface RelayOptions extends ConnectionOptions {
  /**
   * Jitter is drawn from it.
   * @default 0
   */
  readonly seed?: number;
}

export class TcpRelay {
  readonly #server: Server;
  readonly #options: RelayOptions;
  readonly #connections = new Set<RelayedConnection>();
  readonly #rules = new Set<ActiveRule>();
  readonly #stalls = new Map<Direction, ActiveRule>();
  readonly #judge: Judge;

  private constructor(options: RelayOptions) {
    this.#options = options;
    this.#judge = judgeBy(this.#rules, options.seed ?? 0);
    // One half of a connection may end while the other half still holds something.
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.#accept(client));
  }

  static async start(options: RelayOptions): Promise<TcpRelay> {
    const relay = new TcpRelay(options);
    relay.#server.listen(0, "127.0.0.1");
    await once(relay.#server, "listening");
    return relay;
  }

  /** The address where it listens. */
  get address(): { readonly host: string; readonly port: number } {
    const { address, port } = this.#server.address() as AddressInfo;
    return { host: address, port };
  }

  /** The same, as a connect string. */
  get connect(): string {
    return `${this.address.host}:${this.address.port}`;
  }

  /** The number of open client connections, as far as the relay knows. */
  get connections(): number {
    return this.#connections.size;
  }

  /** The rule is in force from now on. */
  add(rule: ActiveRule): void {
    this.#rules.add(rule);
    this.#pass();
  }

  /** The rule ends: what it held arrives, if its connection still lives. */
  remove(rule: ActiveRule): void {
    if (!this.#rules.delete(rule)) return;
    if (rule.rule.type === "drop")
      for (const connection of [...this.#connections]) if (connection.hasHole) connection.reset();
    this.#pass();
  }

  /** Resets every connection, on both sides; data in flight is lost. */
  dropConnections(): void {
    for (const connection of [...this.#connections]) connection.reset();
  }

  /** Stalls this direction until it is resumed. */
  pause(direction: Direction): void {
    if (this.#stalls.has(direction)) return;
    const stall = new ActiveRule({ type: "stall" }, direction);
    this.#stalls.set(direction, stall);
    this.add(stall);
  }

  resume(direction: Direction): void {
    const stall = this.#stalls.get(direction);
    this.#stalls.delete(direction);
    if (stall !== undefined) this.remove(stall);
  }

  /** A partition: nothing flows, no new connection reaches the server, and nobody is told. */
  cut(): void {
    this.pause("to-server");
    this.pause("to-client");
  }

  /** Ends a partition: data in flight arrives, if its connection still lives. */
  heal(): void {
    this.resume("to-server");
    this.resume("to-client");
  }

  /** Resets the connection instead of passing on the next such packet; settles when that has happened. */
  dropAt(direction: Direction, kind: PacketKind): Promise<void> {
    return this.#actAt(direction, { type: "on-frame", kind, act: "reset" }).reached;
  }

  /** Holds such packets, and everything after them on their connection, until they are released. */
  holdAt(direction: Direction, kind: PacketKind): { readonly reached: Promise<void>; release(): void } {
    return this.#actAt(direction, { type: "on-frame", kind, act: "stall" });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.dropConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  #actAt(direction: Direction, rule: Rule): { readonly reached: Promise<void>; release(): void } {
    let onReached: () => void = () => undefined;
    const reached = new Promise<void>((resolve) => {
      onReached = resolve;
    });
    const active = new ActiveRule(rule, direction, () => onReached());
    this.add(active);
    return { reached, release: () => this.remove(active) };
  }

  #pass(): void {
    for (const connection of [...this.#connections]) connection.pass();
  }

  #accept(client: Socket): void {
    if ([...this.#rules].some(({ rule }) => rule.type === "refuse")) {
      client.on("error", () => undefined);
      reset(client);
      return;
    }
    const connection = new RelayedConnection(client, this.#options, this.#judge, () =>
      this.#connections.delete(connection),
    );
    this.#connections.add(connection);
  }
}

function judgeBy(rules: ReadonlySet<ActiveRule>, seed: number): Judge {
  const random = xoroshiro128plus(seed);
  const has = (direction: Direction, type: Rule["type"]) => {
    for (const active of rules) if (active.rule.type === type && active.concerns(direction)) return true;
    return false;
  };
  return {
    stalls: (direction) => has(direction, "stall"),
    drops: (direction) => has(direction, "drop"),
    latencyMs(direction) {
      let sum = 0;
      for (const active of rules) {
        const { rule } = active;
        if (rule.type !== "latency" || !active.concerns(direction)) continue;
        const { ms, jitterMs = 0 } = rule;
        sum += ms + (jitterMs === 0 ? 0 : jitterMs * (2 * uniformFloat64(random) - 1));
      }
      return Math.max(0, sum);
    },
    bytesPerSecond(direction) {
      let least = Number.POSITIVE_INFINITY;
      for (const active of rules)
        if (active.rule.type === "bandwidth" && active.concerns(direction))
          least = Math.min(least, active.rule.bytesPerSecond);
      return least;
    },
    actOn(direction, kind) {
      for (const active of rules) {
        const act = active.actOn(direction, kind);
        if (act !== undefined) return act;
      }
      return undefined;
    },
  };
}
