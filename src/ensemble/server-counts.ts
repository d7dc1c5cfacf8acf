/** What the servers count themselves, from their monitors: read before and after a failover, never during one. */
import { type Address, monitor } from "./four-letter-word.ts";

export interface ServerCounts {
  readonly packetsSent: number;
  readonly packetsReceived: number;
  /** Notifications of deleted znodes; `null` before ZooKeeper 3.6. */
  readonly deletedWatches: number | null;
}

/** The sum over all servers; `null` where one does not permit to be asked. */
export async function countServers(servers: readonly Address[]): Promise<ServerCounts | null> {
  const monitors = await Promise.all(servers.map((server) => monitor(server).catch(() => undefined)));
  let sum: ServerCounts = { packetsSent: 0, packetsReceived: 0, deletedWatches: 0 };
  for (const numbers of monitors) {
    const packetsSent = numbers?.get("packets_sent");
    const packetsReceived = numbers?.get("packets_received");
    if (packetsSent === undefined || packetsReceived === undefined) return null;
    sum = {
      packetsSent: sum.packetsSent + packetsSent,
      packetsReceived: sum.packetsReceived + packetsReceived,
      deletedWatches: plus(sum.deletedWatches, numbers?.get("sum_node_deleted_watch_count")),
    };
  }
  return sum;
}

/** The difference, without what the coordinator itself caused. */
export function countsBetween(
  before: ServerCounts,
  after: ServerCounts,
  own: Pick<ServerCounts, "packetsSent" | "packetsReceived">,
): ServerCounts {
  return {
    packetsSent: after.packetsSent - before.packetsSent - own.packetsSent,
    packetsReceived: after.packetsReceived - before.packetsReceived - own.packetsReceived,
    deletedWatches: plus(
      after.deletedWatches,
      before.deletedWatches === null ? undefined : -before.deletedWatches,
    ),
  };
}

function plus(sum: number | null, more: number | undefined): number | null {
  return sum === null || more === undefined ? null : sum + more;
}
