/**
 * How often a contender syncs. The heartbeat follows it, the theory predicts with it, and a recording reserves
 * room for it. Times are in milliseconds.
 *
 * - `leading`: a leader, or an heir.
 * - `renewing`: it is the oldest, and has no lease: it syncs as often as helps to get one.
 * - `near`: it may lead soon, so its lease has to hold when its turn comes.
 * - `far`: many stand before it (landmarks.ts). It has no lease. Between two syncs the client keeps its session
 *   alive by itself, with a ping in each third of the session timeout.
 *
 * A far one finds out with its next sync that it is near, and a session timeout later it has a lease. So the
 * lease holds when its turn comes, if that is more than four session timeouts after the time when {@link NEAR}
 * stood before it. When so many go within that time, it finds itself the oldest without a lease. Then it claims
 * as soon as the ensemble has proven one to it: it is `renewing` for at most two ticks.
 */
import { NEAR } from "./landmarks.ts";

export type Pace = "leading" | "renewing" | "near" | "far";

/** Fractions of a tick: see lease.ts. */
const LEADING = 1 / 4;
const RENEWING = 1 / 20;

/** A fraction of the session timeout: see lease.ts. The client of one that is near never has to ping. */
export const NEAR_EVERY = 1 / 7;
/** Session timeouts. Rarer syncs would save little: by now the pings cost more. */
const FAR_EVERY = 3;

/** The share of the session timeout after which a client without traffic pings (`zookeeper_interest`). */
export const PINGS = 1 / 3;

/** This share of a pause is random, so that candidates woken together do not keep syncing together. */
export const SPREAD = 0.2;

const SHORTEST_MS = 10;

export function leadingMs(tickTimeMs: number): number {
  return Math.max(SHORTEST_MS, tickTimeMs * LEADING);
}

function nearMs(timeoutMs: number): number {
  return Math.max(SHORTEST_MS, timeoutMs * NEAR_EVERY);
}

function farMs(timeoutMs: number): number {
  return Math.max(SHORTEST_MS, timeoutMs * FAR_EVERY);
}

/** The longest interval between two syncs, by the session's timeout and the servers' tick. */
export function everyMs(pace: Pace, timeoutMs: number, tickTimeMs: number): number {
  switch (pace) {
    case "leading":
      return leadingMs(tickTimeMs);
    case "renewing":
      return Math.max(SHORTEST_MS, tickTimeMs * RENEWING);
    case "near":
      return nearMs(timeoutMs);
    case "far":
      return farMs(timeoutMs);
    default:
      return pace satisfies never;
  }
}

/** How long a healthy session of one of so many may be silent. */
export function longestSilenceMs(candidates: number, timeoutMs: number): number {
  return candidates > NEAR ? timeoutMs * PINGS : timeoutMs * NEAR_EVERY;
}

/** A sync, and a request for its own contender; a far one asks for a landmark as well. */
const REQUESTS = { near: 2, far: 3 };

/** Requests and pings of so many candidates together, while nothing else happens. */
export function requestsPerSecond(candidates: number, timeoutMs: number, tickTimeMs: number): number {
  return 1000 / leadingMs(tickTimeMs) + waitingRequestsPerSecond(candidates, timeoutMs);
}

/** The same without their leader's. */
export function waitingRequestsPerSecond(candidates: number, timeoutMs: number): number {
  const near = Math.max(0, Math.min(candidates, NEAR) - 1);
  const far = Math.max(0, candidates - NEAR);
  const nearPerSecond = REQUESTS.near / nearMs(timeoutMs);
  const farPerSecond = REQUESTS.far / farMs(timeoutMs) + 1 / (timeoutMs * PINGS);
  return 1000 * (near * nearPerSecond + far * farPerSecond);
}
