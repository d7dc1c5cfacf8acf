/** The messages between the network and its thread. */
import type { ConnectionOptions } from "./relayed-connection.ts";
import type { Direction, Rule } from "./rule.ts";

/** The thread's start data. */
export interface ThreadData {
  /** `process.hrtime.bigint()` when the run began. */
  readonly origin: bigint;
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** A relay's number is its own for as long as the thread lives. */
export interface RelaySpec extends Pick<ConnectionOptions, "target" | "carries" | "isPersistent"> {
  readonly relay: number;
  readonly seed: number;
  /** The relay whose address a greeting is to name: see election-greeting.ts. */
  readonly greetsWith: number | undefined;
  /** Rules that stay in force, whatever else begins and ends. */
  readonly always: readonly Rule[];
}

export type Command =
  | { readonly type: "open"; readonly relays: readonly RelaySpec[] }
  | { readonly type: "close"; readonly relays: readonly number[] }
  /** Puts a rule into force, after a while, and for a while. */
  | {
      readonly type: "begin";
      /** Chosen by the sender. */
      readonly rule: number;
      readonly relays: readonly number[];
      readonly what: Rule;
      readonly direction: Direction | "both";
      readonly afterMs: number;
      /** Counts from when it is in force; for `on-frame`, from when it first acts. It may be infinite. */
      readonly forMs: number;
    }
  | { readonly type: "end"; readonly rule: number }
  /** Ends all rules, except those which stay. */
  | { readonly type: "end-all" }
  /** Resets the existing connections. */
  | { readonly type: "reset"; readonly relays: readonly number[] };

export type Request = Command & { readonly id: number };

/** Times are nanoseconds since the run's origin, read when the thread acted. */
export type Report =
  /** Where the new relays listen, in the order of the command. */
  | { readonly type: "opened"; readonly id: number; readonly addresses: readonly Address[] }
  | { readonly type: "done"; readonly id: number; readonly at: number }
  | { readonly type: "failed"; readonly id: number; readonly message: string }
  | { readonly type: "began" | "reached" | "ended"; readonly rule: number; readonly at: number };
