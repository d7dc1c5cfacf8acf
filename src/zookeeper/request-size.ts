/**
 * How large requests are on the wire (`zookeeper.jute`). A server hangs up on whoever sends a larger one than
 * its `jute.maxbuffer` (NIOServerCnxn, `readLength`); the client connects anew, and is none the wiser.
 */
import { RequestTooLarge } from "./errors.ts";

/** The default of `jute.maxbuffer`. */
export const MAX_REQUEST_BYTES = 1_048_575;

const NUMBER = 4;
/** The number of the request, and its type. */
const HEADER = 2 * NUMBER;
/** The one that the client gives everything: its count, and its permissions, scheme and identity. */
const ACL = NUMBER + NUMBER + textBytes("world") + textBytes("anyone");
/** The zxid that the client has seen, and the counts of three lists. */
const SET_WATCHES = 8 + 3 * NUMBER;

export function textBytes(text: string): number {
  return NUMBER + Buffer.byteLength(text);
}

/** @param path with its chroot */
export function createBytes(path: string, data: string): number {
  return HEADER + textBytes(path) + textBytes(data) + ACL + NUMBER;
}

/** @param path with its chroot */
export function setBytes(path: string, data: string): number {
  return HEADER + textBytes(path) + textBytes(data) + NUMBER;
}

/** After a reconnect. @param paths of all watches */
export function setWatchesBytes(pathBytes: number): number {
  return HEADER + SET_WATCHES + pathBytes;
}

/** @throws {RequestTooLarge} */
export function checkRequest(path: string, bytes: number, most: number): void {
  if (bytes <= most) return;
  throw new RequestTooLarge(
    0,
    `the request has ${bytes} bytes, and the servers take ${most} (jute.maxbuffer); write less, or raise ` +
      "jute.maxbuffer on all servers and give it as maxRequestBytes",
    { path },
  );
}
