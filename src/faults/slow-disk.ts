import { lasting } from "./lasting.ts";
import { onServers, threeServers } from "./on-servers.ts";
import { msOf } from "./span.ts";
import { tunable } from "./tuning.ts";

/** A sync of a log takes at least one write, and as a rule two with what the file system writes about it. */
const WRITES_PER_SECOND = 4;
const WRITE_BYTES = 1024;
/** Enough that its log never has a moment's rest. */
const PAUSE_MS = 50;

/**
 * The disk of the server that the leader is connected to takes only a few writes a second, as a rented one
 * that has used up its credit: each sync of the server's log takes half a second, and what is written meanwhile
 * waits for the next. The others acknowledge without it, so writes are committed as before.
 *
 * It strikes the leader's own server whatever its role, since nothing of it stops: sessions stay where they
 * are, and what is tried is whether the elected leader on such a server still hears in time.
 */
export const slowDisk = tunable(
  {
    for: lasting("how long it is slow", 1.5),
  },
  ({ for: span }) => ({
    ...onServers,
    name: "slow-disk",
    summary: "the disk of the leader's server takes 4 writes a second",
    needs: [threeServers, { what: "disk", limited: true }],
    struck: ([victim]) => `The disk of the server of candidate ${victim} is slow.`,

    async strike([victim], { servers, serverOf, timing, record, write, pass, healed }) {
      const server = await serverOf(victim);
      record(victim);
      await servers.slowDisk(server, WRITES_PER_SECOND);
      let over = false;
      const end = pass(msOf(span, timing)).then(() => {
        over = true;
      });
      while (!over) {
        await write(WRITE_BYTES);
        await Promise.race([end, pass(PAUSE_MS)]);
      }
      await servers.mend();
      healed();
    },
  }),
);
