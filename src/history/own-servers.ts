/** What a run records of its own servers: how they were set up, and, where there are several, who led them. */
import { count, list, nullable, type Of, object, oneOf, text, whole } from "../shape.ts";

/** Which servers the candidates connect to. */
export const spreads = ["even", "leader", "followers"] as const;
export type Spread = (typeof spreads)[number];

export const serverSetUp = object({
  spread: nullable(
    oneOf(
      spreads,
      "Which servers the candidates connected to first: all of them evenly, the one that led the others when " +
        "they had started, or those that followed it. `null` for a user's own ensemble.",
    ),
  ),
  jvmOptions: list(text(), "The options of `--server-flags`, in their order."),
  zooCfg: list(text(), "The settings of `--zoo-cfg`, as `key=value`."),
});

export type ServerSetUp = Of<typeof serverSetUp>;

/** A server's role among the others, in ZooKeeper's own words. */
export const roles = ["leader", "follower", "observer", "standalone"] as const;
export type Role = (typeof roles)[number];

/** The roles as seen at one moment between two failovers. */
export interface RolesSeen {
  /** The failover after which they were seen; 0 before the first. */
  readonly failover: number;
  /** Nanoseconds since the run's origin. Absent in histories of 0.7.0. */
  readonly at?: number;
  /** Each server's, in their order; `null` if it did not answer, or did not serve. */
  readonly roles: readonly (Role | null)[];
}

export const ensembleRecord = object({
  leader: nullable(
    whole(1),
    "The server that led the others when the trial began, by its place in the list, from 1. `ensemble` as a " +
      "whole is `null` for a single server, and for your own.",
  ),
  leaderChanges: list(
    object({ failover: count(), leader: nullable(whole(1)) }),
    "Each other server that led later on (`leader`; `null` while none did), and the failover after which that " +
      "was seen; 0 before the first.",
  ),
  candidatesPerServer: nullable(
    list(count()),
    "How many candidates each server served when the trial began, in the order of the servers; `null` if some had " +
      "moved in an earlier trial, and nobody knows where to. The history's `connected` events say which ones.",
  ),
});

export type EnsembleRecord = Of<typeof ensembleRecord>;
