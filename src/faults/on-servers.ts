import type { Fault, Need } from "./fault.ts";
import { unseatsNobody } from "./unseats-nobody.ts";

/** An ensemble that goes on without one of its servers. */
export const threeServers: Need = {
  what: "servers",
  fewest: 3,
  because: "it strikes one of them, and the others have to go on",
};

/** The common part of faults that strike servers: every session lives on, so nobody may be unseated. */
export const onServers = { ...unseatsNobody, needs: [threeServers] } as const satisfies Partial<Fault>;
