/**
 * The ground of the live page: two elections that differ in their scheme alone, and whoever strikes them. The
 * page knows nothing else of what it shows: a model of ZooKeeper in the browser (play-ground.ts), or a real
 * ensemble at the other end of a connection.
 */
import type { SchemeName } from "../election/schemes.ts";
import type { Event } from "../history/event.ts";

/** What can be done to one who stands in line. */
export const blows = ["kill", "resign", "close", "freeze", "cut"] as const;
export type Blow = (typeof blows)[number];

/**
 * A strike falls on the same place of both lines, never on the same number: place 0 is the oldest contender's.
 * `heal` lets all go on that stand still or are cut off; `join` adds a candidate.
 */
export type Strike =
  | { readonly act: Blow; readonly place: number }
  | { readonly act: "heal" }
  | { readonly act: "join" };
export type Act = Strike["act"];

/** Times are in nanoseconds, as in events, each election's since its own origin. */
export type Happening =
  | Event
  /** A strike, immediately before its act. */
  | { readonly type: "struck"; readonly at: number; readonly candidate: number; readonly act: Act }
  /** The ensemble has removed a contender, by a delete or with its session. Told before anybody is notified. */
  | { readonly type: "gone"; readonly at: number; readonly candidate: number; readonly sequence: number };

export interface Setting {
  readonly schemes: readonly [SchemeName, SchemeName];
  readonly candidates: number;
}

/** Hears what happens in an election, side 0 or 1, in order. After a strike the last is `settled`. */
export type Audience = (side: number, happening: Happening) => void;

export interface Ground {
  /** Ends the elections before, and opens these. Settles when all stand in line. */
  begin(setting: Setting): Promise<void>;
  /** Settles when the strike's consequences have been told. */
  strike(strike: Strike): Promise<void>;
}
