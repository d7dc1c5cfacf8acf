/**
 * Watches the contender just before the own one, with its data, and claims on its deletion alone, without
 * reading again, if that contender had announced that it leads.
 *
 * Why that is safe. Let L announce in its own znode that it leads, H wait with L just before it in the list
 * that H read, and H be notified that L's znode was deleted.
 * 1. When L claimed, nobody older than L existed. The announcement is true when it is made: L writes it after
 *    it has seen itself as the oldest, with a token that is its own znode's czxid, and H takes it only if the
 *    czxid of the znode that it stands in is the same. It stays true, as sequence numbers only grow.
 * 2. Between L and H nobody existed when H listed, and since then nobody can have
 *    come: whoever joins is younger than H.
 * 3. So when L is gone nobody is before H, and H is the oldest if its own znode is still there.
 * 4. It is. H watches its own znode over the same connection, from before it took the announcement:
 *    had its znode been deleted before L's, H would have been told so before. Had its session ended
 *    before, the server would have dropped the connection before. And if H stood still while all of
 *    this lay waiting, its lease tells: it claims unread only while its lease holds, for which an
 *    heir keeps up a heartbeat as a leader does.
 *
 * What breaks one of these makes it look again, as in the recipe: a lost connection, a lease that ran out, an
 * announcement that is late or missing, another predecessor than before. A parent that is made anew, where
 * numbers begin again, takes all its contenders with it, the own one first. Near the end of the counter, where
 * numbers no longer grow, nobody stands (contenders.ts).
 *
 * What it trusts: that nobody else writes announcements. Where others may write into these znodes, give the
 * election an ACL. And that nobody ends H's session from outside in the same instant; then its claim carries a
 * token that is lower than the one of whoever leads by then, and the fence refuses it.
 */
import { predecessor } from "./predecessor.ts";
import type { Scheme } from "./scheme.ts";

export const heir: Scheme = {
  ...predecessor,
  name: "heir",
  inherits: true,
};
