/**
 * Finds out which of several addresses currently accept a TCP connection: the native client tries its list one
 * by one, and waits two thirds of the session timeout for a silent one.
 *
 * Not promised: that a ZooKeeper server is there, or that it serves.
 */
import { connect, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { codeOf } from "../thrown.ts";
import type { Address } from "./connect-string.ts";

/**
 * `silent`: it has not answered yet; `refuses`: it refuses, or has another fault that may be over the next
 * moment; `unreachable` from here, which the system knows without asking anybody.
 */
export type Finding = "accepts" | "silent" | "refuses" | "unreachable";

const UNREACHABLE = new Set(["ENETUNREACH", "EHOSTUNREACH", "EADDRNOTAVAIL", "EAFNOSUPPORT", "EINVAL"]);

/** A server that is there has accepted by then. */
export const WITHIN_MS = 500;
/** Once the first has accepted, others that are as near do so by then. */
const GRACE_MS = 50;

/**
 * The findings, in the order of the addresses. Settles soon after the first has accepted, and after {@link
 * WITHIN_MS} at the latest.
 */
export async function probe(addresses: readonly Address[]): Promise<Finding[]> {
  const findings = addresses.map((): Finding => "silent");
  const sockets = addresses.map((address) => connect(address));
  const over = new AbortController();
  const pause = (ms: number) => delay(ms, undefined, { signal: over.signal }).catch(() => undefined);
  try {
    const asked = sockets.map(async (socket, index) => {
      const finding = await findingOf(socket);
      findings[index] = finding;
      if (finding !== "accepts") throw new Error(finding);
    });
    const accepted = Promise.any(asked).then(() => pause(GRACE_MS));
    await Promise.race([Promise.allSettled(asked), accepted.catch(() => undefined), pause(WITHIN_MS)]);
    return [...findings];
  } finally {
    over.abort();
    for (const socket of sockets) socket.destroy();
  }
}

/** Settles when there is a finding, which is never once the socket has been destroyed. */
function findingOf(socket: Socket): Promise<Finding> {
  return new Promise((resolve) => {
    socket.once("connect", () => resolve("accepts"));
    socket.on("error", (error) => resolve(UNREACHABLE.has(codeOf(error) ?? "") ? "unreachable" : "refuses"));
  });
}
