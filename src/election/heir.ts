/**
 * Watches the contender just before its own, with its data. If that contender had announced that it leads, this
 * candidate claims on its deletion alone, without another read.
 *
 * Why that is safe: Let L announce in its own znode that it leads; let H wait, with L just before it in the
 * list that H read, or by their numbers (by-number.ts); and let H be notified that L's znode was deleted.
 * 1. When L claimed, nobody older than L existed. The announcement is true when it is made: L writes it after
 *    it has seen itself as the oldest, with a token that is its own znode's czxid, and H accepts it only if it
 *    equals the czxid of the znode that holds it. It stays true, since sequence numbers only grow.
 * 2. Nobody existed between L and H when H listed, or there is no number between theirs; and nobody can have
 *    come since then: every later contender is younger than H.
 * 3. So when L is gone nobody is before H, and H is the oldest if its own znode is still there.
 * 4. H's znode is still there. H watches it over the same connection, since before it took the announcement: if
 *    H's znode had been deleted before L's, H would have been notified first. If H's session had ended first,
 *    the server would have dropped the connection first. And if H stood still while all of this was waiting to
 *    be read, its lease shows it: H claims unread only while its lease holds, so an heir keeps up a heartbeat
 *    as a leader does.
 *
 * Whatever breaks one of these conditions makes H look again, as in the recipe: a lost connection, a lease that
 * ran out, an announcement that is late or missing, or a different predecessor. If the parent is created again,
 * where numbers restart, all its contenders go first, H's own before any other. Near the end of the counter,
 * where numbers no longer grow, nobody stands (contenders.ts).
 *
 * Assumptions: Nobody else writes announcements; if others may write into these znodes, give the election an
 * ACL. And nobody ends H's session from outside at the same instant; if somebody does, H's claim carries a
 * lower token than that of the candidate that leads by then, and the fence refuses it.
 */
import { predecessor } from "./predecessor.ts";
import type { KnownScheme } from "./scheme.ts";

export const heir: KnownScheme = {
  ...predecessor,
  name: "heir",
  watches: "the one before it, and whether that leads",
  called: "the scheme heir",
  inherits: true,
};
