import type { Fault } from "./fault.ts";
import { onServers } from "./on-servers.ts";

async function strikesNothing() {
  throw new Error("whoever strikes by hand says where");
}

/**
 * Stands for all strikes of a trial in which somebody chooses each of them. Nothing strikes by this name: each
 * strike has its own fault.
 */
export const byHand: Fault = {
  name: "by-hand",
  summary: "somebody strikes by hand",
  needs: [{ what: "network" }],
  positions: () => [0],
  leader: "any",
  fallsSilent: "perhaps",
  victim: "loses-its-session",
  leavesBehind: "an-old-leader",
  occasion: "strike",
  struck: (victims) => `Somebody strikes candidate ${victims.join(", ")}.`,
  requestBytes: () => null,
  strike: strikesNothing,
};

/** Strikes on a server that somebody chooses. */
export const serversByHand = {
  "kill-server": {
    ...onServers,
    name: "kill-server",
    summary: "a server is killed, and comes back later",
    struck: () => "A server is killed.",
    strike: strikesNothing,
  },
  "restart-server": {
    ...onServers,
    name: "restart-server",
    summary: "a server is killed, and started again at once",
    struck: () => "A server is killed and started again.",
    strike: strikesNothing,
  },
  "pause-server": {
    ...onServers,
    name: "pause-server",
    summary: "a server stands still",
    struck: () => "A server stands still.",
    strike: strikesNothing,
  },
} as const satisfies Record<string, Fault>;
