/**
 * Reads what ZooKeeper's packets say (`zookeeper.jute`), as far as an election needs it. A packet begins with
 * its length, which counts for nothing here.
 */

/** The operations of requests that say something about an election; `read` is a read of a znode's data. */
const operations = {
  1: "create",
  2: "remove",
  3: "exists",
  4: "read",
  5: "set",
  8: "children",
  9: "sync",
  11: "ping",
  12: "children",
  15: "create",
  19: "create",
  21: "create",
  [-11]: "close",
} as const satisfies Readonly<Record<number, string>>;

export type Operation = (typeof operations)[keyof typeof operations];

export interface Request {
  readonly xid: number;
  /** `other`: an election does not need it. */
  readonly operation: Operation | "other";
  /** Empty for a request about no znode. */
  readonly path: string;
  /** Whether it asks for a watch. */
  readonly watch: boolean;
}

export interface Reply {
  readonly xid: number;
  readonly zxid: number;
  /** 0 if the request has succeeded. */
  readonly error: number;
}

export interface Notification {
  readonly change: "created" | "removed" | "changed" | "children" | "other";
  readonly path: string;
}

export interface Connected {
  /** Its id and its password are in hexadecimal digits. */
  readonly session: string;
  readonly password: string;
  /** 0 if the session is over. */
  readonly timeoutMs: number;
}

/** The number of every notification. */
export const NOTIFICATION = -1;

/** The bytes of the length before a packet. */
export const LENGTH = 4;
const REQUEST_HEAD = LENGTH + 8;
const REPLY_HEAD = LENGTH + 16;

export function readRequest(packet: Buffer): Request {
  const xid = packet.readInt32BE(LENGTH);
  const code = packet.readInt32BE(LENGTH + 4);
  const operation = isKnown(code) ? operations[code] : "other";
  const hasPath = operation !== "other" && operation !== "ping" && operation !== "close";
  if (!hasPath) return { xid, operation, path: "", watch: false };
  const path = textAt(packet, REQUEST_HEAD);
  const asks = operation === "exists" || operation === "read" || operation === "children";
  const after = REQUEST_HEAD + 4 + Buffer.byteLength(path);
  return { xid, operation, path, watch: asks && packet[after] === 1 };
}

export function readReply(packet: Buffer): Reply {
  return {
    xid: packet.readInt32BE(LENGTH),
    zxid: Number(packet.readBigInt64BE(LENGTH + 4)),
    error: packet.readInt32BE(LENGTH + 12),
  };
}

/** The path of a new znode, from the successful reply to its creation. */
export function createdPath(packet: Buffer): string {
  return textAt(packet, REPLY_HEAD);
}

/** The names in the successful reply to a request for children. */
export function childNames(packet: Buffer): string[] {
  let offset = REPLY_HEAD + 4;
  return Array.from({ length: packet.readInt32BE(REPLY_HEAD) }, () => {
    const name = textAt(packet, offset);
    offset += 4 + Buffer.byteLength(name);
    return name;
  });
}

export function readNotification(packet: Buffer): Notification {
  const changes = ["created", "removed", "changed", "children"] as const;
  return {
    change: changes[packet.readInt32BE(REPLY_HEAD) - 1] ?? "other",
    path: textAt(packet, REPLY_HEAD + 8),
  };
}

/** The first packet of a connection from the server. */
export function readConnected(packet: Buffer): Connected {
  const timeoutMs = packet.readInt32BE(LENGTH + 4);
  const length = packet.readInt32BE(LENGTH + 16);
  return {
    session: packet.subarray(LENGTH + 8, LENGTH + 16).toString("hex"),
    password: packet.subarray(LENGTH + 20, LENGTH + 20 + length).toString("hex"),
    timeoutMs: Math.max(0, timeoutMs),
  };
}

function isKnown(code: number): code is keyof typeof operations {
  return Object.hasOwn(operations, code);
}

/** Text is prefixed with its length. */
function textAt(packet: Buffer, offset: number): string {
  const length = packet.readInt32BE(offset);
  return packet.toString("utf8", offset + 4, offset + 4 + Math.max(0, length));
}
