/**
 * What the packets of all candidates have come to, apart from heartbeats, as the servers would count them. One
 * thread counts, another one reads, so the numbers are in shared memory.
 */
import { type PacketCountName, type PacketCounts, packetCountNames } from "../history/packet-counts.ts";
import { LENGTH, type Notification, type Request } from "../network/zookeeper-messages.ts";

export class Tally {
  readonly memory: SharedArrayBuffer;
  readonly #cells: BigInt64Array;

  constructor(memory = new SharedArrayBuffer(packetCountNames.length * BigInt64Array.BYTES_PER_ELEMENT)) {
    this.memory = memory;
    this.#cells = new BigInt64Array(memory);
  }

  asked({ operation }: Request): void {
    this.#add("packetsReceived", 1);
    if (operation === "read" || operation === "exists" || operation === "children")
      this.#add("readRequests", 1);
    if (operation === "read") this.#add("dataReads", 1);
    if (operation === "children") this.#add("lists", 1);
  }

  answered(packet: Buffer): void {
    this.#add("packetsSent", 1);
    this.#add("responseBytes", packet.length - LENGTH);
  }

  notified(packet: Buffer, { change }: Notification): void {
    this.#add("packetsSent", 1);
    this.#add("watchBytes", packet.length - LENGTH);
    if (change === "removed") this.#add("deletedWatches", 1);
    if (change === "children") this.#add("childrenWatches", 1);
  }

  /** All that has been counted so far. */
  get counts(): PacketCounts {
    const counts = packetCountNames.map(
      (name, index) => [name, Number(Atomics.load(this.#cells, index))] as const,
    );
    return Object.fromEntries(counts) as Record<PacketCountName, number>;
  }

  #add(name: PacketCountName, amount: number): void {
    Atomics.add(this.#cells, packetCountNames.indexOf(name), BigInt(amount));
  }
}
