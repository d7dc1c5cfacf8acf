/**
 * Splits a stream of bytes into ZooKeeper's packets (`zookeeper.jute`): each begins with its length; a request
 * has its number and its operation, an answer the number of its request.
 */

/** The operation of a request; its answer has the same kind. */
export type PacketKind = keyof typeof operations | "connect" | "notification" | "other";

const operations = {
  create: 1,
  remove: 2,
  exists: 3,
  get: 4,
  set: 5,
  setAcl: 7,
  sync: 9,
  ping: 11,
  children: 12,
  createContainer: 19,
  setWatches: 101,
  closeSession: -11,
} as const;

/** Equivalent operations: the plain list of children, and creations that also return the stat. */
const aliases: Readonly<Record<number, PacketKind>> = { 8: "children", 15: "create", 105: "setWatches" };

const kinds: ReadonlyMap<number, PacketKind> = new Map([
  ...Object.entries(operations).map(([kind, code]) => [code, kind as PacketKind] as const),
  ...Object.entries(aliases).map(([code, kind]) => [Number(code), kind] as const),
]);

const NOTIFICATION = -1;

/** Far beyond what a server accepts, and beyond the lists that tests use. */
const LONGEST = 2 ** 26;

/** The kind of each unanswered request, by its number: shared by both directions. */
export type PacketNames = Map<number, PacketKind>;

export class FrameReader {
  readonly #direction: "to-server" | "to-client";
  readonly #names: PacketNames;
  #rest: Buffer = Buffer.alloc(0);
  #connected = false;

  constructor(direction: "to-server" | "to-client", names: PacketNames) {
    this.#direction = direction;
    this.#names = names;
  }

  /** The complete packets that end within these bytes. */
  read(bytes: Buffer): { bytes: Buffer; kind: PacketKind }[] {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const packets: { bytes: Buffer; kind: PacketKind }[] = [];
    while (this.#rest.length >= 4) {
      const length = this.#rest.readInt32BE(0);
      if (length < 0 || length > LONGEST) {
        // This is not a packet: the client continues with the second half of a packet whose first half was
        // lost. The server hangs up on that.
        packets.push({ bytes: this.#rest, kind: "other" });
        this.#rest = Buffer.alloc(0);
        break;
      }
      const end = 4 + length;
      if (this.#rest.length < end) break;
      const packet = this.#rest.subarray(0, end);
      packets.push({ bytes: packet, kind: this.#kindOf(packet) });
      this.#rest = this.#rest.subarray(end);
    }
    return packets;
  }

  /** What follows the last complete packet: the stream may end with it. */
  get rest(): Buffer {
    return this.#rest;
  }

  #kindOf(packet: Buffer): PacketKind {
    if (!this.#connected) {
      this.#connected = true;
      return "connect";
    }
    const number = packet.readInt32BE(4);
    if (this.#direction === "to-client") {
      if (number === NOTIFICATION) return "notification";
      const kind = this.#names.get(number) ?? "other";
      this.#names.delete(number);
      return kind;
    }
    const kind = kinds.get(packet.readInt32BE(8)) ?? "other";
    this.#names.set(number, kind);
    return kind;
  }
}
