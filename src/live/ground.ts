/**
 * The ground of the live page: two elections that differ in their scheme alone, and whoever strikes them. The
 * page knows nothing else of what it shows: a model of ZooKeeper in the browser (play-ground.ts), or a real
 * ensemble at the other end of a connection.
 */
import type { SchemeName } from "../election/schemes.ts";
import type { COORDINATOR, Event } from "../history/event.ts";

/** What can be done to one who stands in line. */
export const blows = ["kill", "resign", "close", "freeze", "cut"] as const;
export type Blow = (typeof blows)[number];

/** What can be done to a server. */
export const serverBlows = ["kill-server", "restart-server", "pause-server"] as const;
export type ServerBlow = (typeof serverBlows)[number];

export function isServerBlow(act: string): act is ServerBlow {
  return serverBlows.some((blow) => blow === act);
}

/**
 * A strike falls on the same place of both lines, never on the same number: place 0 is the oldest contender's.
 * Servers serve both lines, and count from 1. `heal` lets all go on that stand still or are cut off; `join`
 * adds a candidate. `next` shows the next strike of a recording.
 */
export type Strike =
  | { readonly act: Blow; readonly place: number }
  | { readonly act: ServerBlow; readonly server: number }
  | { readonly act: "heal" }
  | { readonly act: "join" }
  | { readonly act: "next" };
export type Act = Strike["act"];
/** What can happen to an election. */
export type Deed = Exclude<Act, "next">;

/** What a ground permits. The page offers nothing else. */
export interface Powers {
  readonly schemes: readonly SchemeName[];
  /** The number of candidates of each line, if it cannot be chosen on the page. */
  readonly candidates: number | "chosen";
  readonly acts: readonly Act[];
  /** The session timeout, in milliseconds. */
  readonly sessionTimeoutMs: number;
}

/** A server of the ensemble. */
export interface ServerNow {
  /** Its place in the ensemble's list, from 1. */
  readonly server: number;
  readonly role: "leads" | "follows" | "alone" | "away";
}

/** Times are in nanoseconds, as in events, each election's since its own origin. */
export type Happening =
  | Event
  /**
   * A strike, immediately before its act: on a candidate, or on a server, when the candidate is that of the
   * coordinator. A scene begins, and ends with `settled`. A ground whose victims come back by themselves tells
   * that as a scene of its own: `join`, which nobody has asked for.
   */
  | {
      readonly type: "struck";
      readonly at: number;
      readonly candidate: number;
      readonly act: Deed;
      readonly server?: number;
    }
  /** The ensemble has removed a contender, by a delete or with its session. Told before anybody is notified. */
  | { readonly type: "gone"; readonly at: number; readonly candidate: number; readonly sequence: number }
  /** The servers, if the ground has any: at first, and again when their roles have changed. */
  | {
      readonly type: "servers";
      readonly at: number;
      readonly candidate: typeof COORDINATOR;
      readonly servers: readonly ServerNow[];
    };

export interface Setting {
  readonly schemes: readonly [SchemeName, SchemeName];
  readonly candidates: number;
}

/** Hears what happens in an election, side 0 or 1, in order. Each side is told of the same scenes. */
export type Audience = (side: number, happening: Happening) => void;

export interface Ground {
  readonly powers: Powers;
  /** Ends the elections before, and opens these. Settles when all stand in line. */
  begin(setting: Setting): Promise<void>;
  /** Settles when the strike's consequences have been told. */
  strike(strike: Strike): Promise<void>;
}
