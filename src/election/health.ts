/**
 * The health of a candidate, for probes and dashboards: answered from local knowledge, without asking the
 * ensemble.
 */
import type { Session } from "../zookeeper/session.ts";
import type { ElectionState } from "./election-events.ts";

export interface Health {
  /**
   * `leading`, or `overdue`: it leads, but nothing was answered for a quarter of the session timeout, so its
   * lease is not renewed. `standing`: it waits its turn. `joining`: it is about to stand. `cut-off`: its
   * connection or its session is lost, and it goes on when it is back. `resigning`, `idle`: it was told to
   * resign, or has not joined. `over`: it ended, and will not join again.
   */
  readonly status: "leading" | "overdue" | "standing" | "joining" | "cut-off" | "resigning" | "idle" | "over";
  /** Milliseconds until the lease runs out if nothing more is heard: only for a leader. */
  readonly leaseLeftMs: number | undefined;
  /** Milliseconds since the ensemble's leader last answered; `undefined` if it never has. */
  readonly answeredMsAgo: number | undefined;
}

/** A fraction of the session timeout. */
const OVERDUE = 1 / 4;

/** @param now milliseconds of the monotonic clock */
export function healthOf(state: ElectionState, session: Session, now: number): Health {
  const { last } = session.contacts;
  const answeredMsAgo = last === undefined ? undefined : now - last.answeredAt;
  const health = { status: statusOf(state, session), leaseLeftMs: undefined, answeredMsAgo };
  if (state.state !== "leading") return health;
  const leaseLeftMs = state.term.validUntil - now;
  const renewed = leaseLeftMs > 0 && (answeredMsAgo ?? Infinity) < session.timeoutMs * OVERDUE;
  return { ...health, status: renewed ? "leading" : "overdue", leaseLeftMs };
}

function statusOf({ state }: ElectionState, session: Session): Health["status"] {
  switch (state) {
    case "joining":
    case "looking":
      return session.state === "connected" ? "joining" : "cut-off";
    case "waiting":
    case "heir":
      return "standing";
    case "suspended":
    case "rejoining":
      return "cut-off";
    case "leading":
    case "resigning":
    case "idle":
    case "over":
      return state;
    default:
      return state satisfies never;
  }
}
