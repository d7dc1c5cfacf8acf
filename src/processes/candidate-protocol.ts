/**
 * The lines that the lab and a candidate's program say to each other, as JSON: docs/candidate-protocol.md is
 * the reference. Each object is a line of its own.
 */
import { messageOf } from "../thrown.ts";
import type { Auth } from "../zookeeper/open-options.ts";

/** The protocol's version: a program that is told of another one says `error`. */
export const PROTOCOL = 1;

/** What the lab says. */
export type Instruction =
  | ({ readonly type: "join" } & Joining)
  /** It deletes its contender, and keeps its session. */
  | { readonly type: "resign" }
  /** It closes its session, and ends. The end of its standard input says the same. */
  | { readonly type: "leave" };

export interface Joining {
  readonly protocol: typeof PROTOCOL;
  /** The servers, as a ZooKeeper connect string. */
  readonly connect: string;
  /** The path of the election's znode, which exists. */
  readonly election: string;
  readonly sessionTimeoutMs: number;
  /** Its number, from 0: for its own messages. */
  readonly candidate: number;
  /** The servers' tick; `null` if it is not known. */
  readonly tickTimeMs: number | null;
  /** Credentials; mostly none. */
  readonly auth: readonly Auth[];
}

/**
 * What a program says. Times are nanoseconds of the system's monotonic clock (`CLOCK_MONOTONIC`); without one,
 * the time of arrival counts.
 */
export type Saying =
  /** Its contender exists. */
  | { readonly type: "joined"; readonly znode?: string }
  /** It begins to lead. The token, if it gives one, is its contender's czxid. */
  | { readonly type: "leading"; readonly token?: number; readonly at?: number }
  /** It no longer believes that it leads; its lease, if it has one, ended then, or would have. */
  | {
      readonly type: "ended";
      readonly at?: number;
      readonly reason?: string;
      readonly validUntil?: number;
    }
  /** It cannot go on. */
  | { readonly type: "error"; readonly message: string };

/** The longest line that is read. */
export const LONGEST_LINE = 65_536;

const fields = {
  joined: { znode: "string" },
  leading: { token: "number", at: "number" },
  ended: { at: "number", reason: "string", validUntil: "number" },
  error: { message: "string" },
} as const satisfies {
  readonly [Type in Saying["type"]]: Readonly<Record<string, "string" | "number">>;
};

/** @throws when a line is not of the protocol, in words that a person can act on */
export function parseSaying(line: string): Saying {
  let said: unknown;
  try {
    said = JSON.parse(line);
  } catch (cause) {
    throw new Error(`it printed ${quoted(line)}, which is not JSON (${messageOf(cause)})`, { cause });
  }
  if (typeof said !== "object" || said === null || !("type" in said) || typeof said.type !== "string")
    throw new Error(`it printed ${quoted(line)}, which is not an object with a "type"`);
  const { type } = said;
  if (!isType(type))
    throw new Error(`it said ${quoted(type)}, which is none of ${Object.keys(fields).join(", ")}`);
  for (const [name, kind] of Object.entries(fields[type])) {
    const value = (said as Readonly<Record<string, unknown>>)[name];
    const isMissing = value === undefined || value === null;
    if (isMissing ? name === "message" : typeof value !== kind)
      throw new Error(`it said ${quoted(line)}, in which ${name} is not a ${kind}`);
  }
  return said as Saying;
}

function isType(type: string): type is Saying["type"] {
  return Object.hasOwn(fields, type);
}

/** A line may be long, and may hold anything. */
function quoted(text: string): string {
  return JSON.stringify(text.length <= 100 ? text : `${text.slice(0, 100)}…`);
}
