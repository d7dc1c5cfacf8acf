import type { StrikableMember } from "../ensemble/member.ts";
import type { Fault, Need, StrikeContext } from "./fault.ts";
import { unseatsNobody } from "./unseats-nobody.ts";

/** An ensemble that goes on without one of its servers. */
export const threeServers: Need = {
  what: "servers",
  fewest: 3,
  because: "it strikes one of them, and the others have to go on",
};

/** The common part of faults that strike servers: every session lives on, so nobody may be unseated. */
export const onServers = { ...unseatsNobody, needs: [threeServers] } as const satisfies Partial<Fault>;

/**
 * The server that the victim is connected to; if that leads the ensemble, the one with the most connections of
 * those that follow, since earlier strikes may have driven everybody from another.
 */
export async function followerFor(
  victim: number,
  { servers, serverOf }: Pick<StrikeContext, "servers" | "serverOf">,
): Promise<StrikableMember> {
  const [own, leading] = [await serverOf(victim), await servers.leading()];
  return own === leading ? servers.busiest(servers.all.filter((one) => one !== leading)) : own;
}
