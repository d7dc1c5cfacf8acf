/**
 * What a network can do to the data that passes it. The words and parameters are those of the toxics of
 * Shopify/toxiproxy where the thing is the same; `drop`, `refuse` and `on-frame` are not known there.
 */
import type { PacketKind } from "./zookeeper-frames.ts";

export type Direction = "to-server" | "to-client";

export type Rule =
  /**
   * Data arrives this much later, and in order. With jitter the delay of each packet is drawn evenly from
   * `ms ± jitterMs`. What is under way when the rule ends still takes its time.
   */
  | { readonly type: "latency"; readonly ms: number; readonly jitterMs?: number }
  /** Data takes this long to be sent, one packet after the other. */
  | { readonly type: "bandwidth"; readonly bytesPerSecond: number }
  /**
   * Data is held, ends of connections included, and arrives when the rule ends. Toxiproxy's `timeout` of 0,
   * which closes the connection instead.
   */
  | { readonly type: "stall" }
  /**
   * Data is lost, ends of connections included, while the connection stays. TCP loses nothing in the middle of
   * a stream, so a connection that has lost something has a hole, and cannot go on: it is reset when the rule
   * ends.
   */
  | { readonly type: "drop" }
  /**
   * New connections are reset as soon as they are accepted; those that exist go on. The listener stays open, or
   * something else could get its port meanwhile.
   */
  | { readonly type: "refuse" }
  /**
   * Acts on a ZooKeeper packet: in `to-server` a request, in `to-client` its answer. Without a kind, on any.
   * - `reset`: its connection is reset instead, once.
   * - `close-inside`: the receiver gets the first half of it and then the end of the connection, once.
   * - `stall`: all such packets are held, and with them everything behind them on their connections.
   */
  | {
      readonly type: "on-frame";
      readonly kind?: PacketKind;
      readonly act: "reset" | "close-inside" | "stall";
    };

/** A rule in force. It may be in force at several relays at once. */
export class ActiveRule {
  readonly rule: Rule;
  readonly #direction: Direction | "both";
  readonly #onReached: () => void;
  #isReached = false;

  /** @param onReached is called once, when an `on-frame` rule first acts */
  constructor(rule: Rule, direction: Direction | "both", onReached: () => void = () => undefined) {
    this.rule = rule;
    this.#direction = direction;
    this.#onReached = onReached;
  }

  concerns(direction: Direction): boolean {
    return this.#direction === "both" || this.#direction === direction;
  }

  /** What to do with a packet, if this rule concerns it. */
  actOn(direction: Direction, kind: PacketKind): "reset" | "close-inside" | "stall" | undefined {
    const { rule } = this;
    if (rule.type !== "on-frame" || !this.concerns(direction)) return undefined;
    if (rule.kind !== undefined && rule.kind !== kind) return undefined;
    if (this.#isReached && rule.act !== "stall") return undefined;
    if (!this.#isReached) {
      this.#isReached = true;
      this.#onReached();
    }
    return rule.act;
  }
}
