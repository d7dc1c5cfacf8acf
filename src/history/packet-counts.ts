/** Counts of the servers' work that packets tell as well, to whoever stands in the candidates' paths. */
import { type ServerCountName, type ServerDifference, serverCountNames } from "./server-difference.ts";

export const packetCountNames = [
  "packetsSent",
  "packetsReceived",
  "responseBytes",
  "watchBytes",
  "deletedWatches",
  "childrenWatches",
  "dataReads",
  "readRequests",
  "lists",
] as const satisfies readonly ServerCountName[];

export type PacketCountName = (typeof packetCountNames)[number];

export type PacketCounts = Readonly<Record<PacketCountName, number>>;

export function countsSince(before: PacketCounts, after: PacketCounts): PacketCounts {
  const counts = packetCountNames.map((name) => [name, after[name] - before[name]] as const);
  return Object.fromEntries(counts) as Record<PacketCountName, number>;
}

/** The servers' counts, with those that packets tell in place of what they do not report. */
export function completed(server: ServerDifference | null, packets: PacketCounts): ServerDifference {
  const counts = serverCountNames.map((name) => {
    const told: number | null = server?.[name] ?? null;
    return [name, told ?? (isPacketCount(name) ? packets[name] : null)] as const;
  });
  return Object.fromEntries(counts) as ServerDifference;
}

function isPacketCount(name: ServerCountName): name is PacketCountName {
  return (packetCountNames as readonly ServerCountName[]).includes(name);
}
