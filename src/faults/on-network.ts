import type { Fault } from "./fault.ts";
import { REMOVAL } from "./outcome.ts";
import type { Parameter } from "./parameter.ts";
import type { Span } from "./span.ts";

/** The common part of faults that strike the network between the leader and its servers. */
export const onNetwork = {
  needs: [{ what: "network" }],
  positions: () => [0],
  occasion: "strike",
  requestBytes: () => null,
} as const satisfies Partial<Fault>;

/** The servers hear nothing for longer than the session timeout, and end the session. */
export const outlastsSession = {
  leader: "next",
  fallsSilent: true,
  victim: "loses-its-session",
  leavesBehind: "an-old-leader",
} as const satisfies Partial<Fault>;

/** How long it lasts: by default twice the session timeout, whatever the servers round that up to. */
export const outlastingTime = {
  meaning: "how long it lasts",
  default: { timeouts: 2, ticks: 1 },
  moreThan: REMOVAL,
  atMost: { ...REMOVAL, ms: 20_000 },
  because: "the session has to expire, and then the victim is soon to return",
} as const satisfies Parameter<Span>;
