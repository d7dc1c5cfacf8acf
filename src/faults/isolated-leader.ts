import type { Fault, Need } from "./fault.ts";
import { onServers, threeServers } from "./on-servers.ts";

/**
 * The lab's `syncLimit` is ten ticks, and the isolated leader may look one later whether it has to give up. It
 * counts sessions from contacts that may be a third of the timeout old, and half a tick late.
 */
const outlastsIsolation: Need = {
  what: "session-timeout",
  moreThan: { ticks: 18 },
  because:
    "until it gives up, the isolated leader tells others that return to it that their sessions have expired",
};

/** Twice the lab's `syncLimit`, in ticks, and time for an election. */
const GIVES_UP_WITHIN_TICKS = 20;
const ELECTS_WITHIN_MS = 10_000;

/**
 * The server that leads the ensemble is cut off from the others, while its clients reach it, the elected leader
 * among them. It goes on serving them, and answers the syncs that leases come from, since a leader syncs with
 * nobody (`ProposalRequestProcessor` proposes only what changes something). When `syncLimit` ticks have brought
 * no answer of the others it gives up (`Leader.lead`), and closes its clients' connections. The others have
 * given it up after as long (`Learner`, its socket's timeout), and elect a leader that gives every session its
 * whole timeout anew (`LeaderSessionTracker`). So each session can move there before it expires.
 *
 * It needs a session timeout that outlasts this. The isolated leader hears nothing of sessions on other
 * servers, and when it takes them for expired, it says so to any client that returns to it, although nobody
 * else has agreed: that client gives its session up.
 *
 * A lease that comes from the isolated leader's answers ends a tick before T after the last of them, and that
 * leader looks once a tick whether it has to give up: so the lease ends before the others can end the session,
 * even if the elected leader cannot move. Not promised if the isolated leader stands still meanwhile.
 */
export const isolatedLeader: Fault = {
  ...onServers,
  name: "isolated-leader",
  summary: "the ensemble's leader is cut off from the other servers",
  needs: [threeServers, { what: "network" }, { what: "network", between: "servers" }, outlastsIsolation],
  struck: ([victim]) =>
    `The server of candidate ${victim}, which leads the ensemble, is cut off from the others until it gives up.`,

  async strike([victim], { servers, moveTo, timing, record, healed }) {
    const server = await servers.leading();
    await moveTo(victim, server);
    record(victim);
    await servers.isolate(server);
    const ticksMs = GIVES_UP_WITHIN_TICKS * (timing.tickTimeMs ?? 0);
    await servers.untilSucceeded(server, ticksMs + ELECTS_WITHIN_MS);
    await servers.mend();
    healed();
  },
};
