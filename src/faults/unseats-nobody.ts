import type { Fault } from "./fault.ts";
import type { Parameter } from "./parameter.ts";
import type { Span } from "./span.ts";

/** The common part of faults around the leader that leave it its session: the same one has to lead. */
export const unseatsNobody = {
  positions: () => [0],
  leader: "same",
  fallsSilent: false,
  victim: "stays",
  leavesBehind: "nobody",
  occasion: "strike",
  requestBytes: () => null,
} as const satisfies Partial<Fault>;

/** Limits of a time for which a client hears nothing. */
export const SOON_ENOUGH = {
  moreThan: { ms: 0 },
  atMost: { timeouts: 0.5 },
  because:
    "a client that hears nothing gives up after two thirds of the timeout, and whether its session lives on is " +
    "then uncertain",
} as const satisfies Partial<Parameter<Span>>;
