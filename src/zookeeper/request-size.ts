/**
 * Computes the size of requests on the wire (`zookeeper.jute`). A server hangs up on a request larger than its
 * `jute.maxbuffer` (NIOServerCnxn, `readLength`); the client reconnects without learning why.
 */
import { RequestTooLarge } from "./errors.ts";

/** The default of `jute.maxbuffer`. */
export const MAX_REQUEST_BYTES = 1_048_575;

const NUMBER = 4;
/** The request's number, and its type. */
const HEADER = 2 * NUMBER;
/** The ACL that the client gives every znode: its count, and its permissions, scheme and identity. */
const ACL = NUMBER + NUMBER + textBytes("world") + textBytes("anyone");
/** The zxid that the client has seen, and the counts of three lists. */
const SET_WATCHES = 8 + 3 * NUMBER;

export function textBytes(text: string): number {
  return NUMBER + Buffer.byteLength(text);
}

/** @param path including its chroot */
export function createBytes(path: string, data: string): number {
  return HEADER + textBytes(path) + textBytes(data) + ACL + NUMBER;
}

/** @param path including its chroot */
export function setBytes(path: string, data: string): number {
  return HEADER + textBytes(path) + textBytes(data) + NUMBER;
}

/**
 * The request after a reconnect.
 * @param pathBytes the size of the paths of all watches
 */
export function setWatchesBytes(pathBytes: number): number {
  return HEADER + SET_WATCHES + pathBytes;
}

/** @throws {RequestTooLarge} */
export function checkRequest(path: string, bytes: number, most: number): void {
  if (bytes <= most) return;
  throw new RequestTooLarge(
    0,
    `the request has ${bytes} bytes, but the servers accept ${most} (jute.maxbuffer); write less, or raise ` +
      "jute.maxbuffer on all servers and give it as maxRequestBytes",
    { path },
  );
}
