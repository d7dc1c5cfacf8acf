/** Servers, as the page names their roles. */
import type { Role, RolesSeen } from "../history/own-servers.ts";
import type { ServerNow } from "../live/ground.ts";

const names: Record<Role, ServerNow["role"]> = {
  leader: "leads",
  follower: "follows",
  observer: "follows",
  standalone: "alone",
};

export function serversNow(roles: RolesSeen["roles"]): ServerNow[] {
  return roles.map((role, index) => ({ server: index + 1, role: role === null ? "away" : names[role] }));
}
