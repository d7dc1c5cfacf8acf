/** Whether a server serves sessions just now: one is opened there, and closed again, without the native client. */
import { connect } from "node:net";
import type { Address } from "./connect-string.ts";
import { closeRequest, connectRequest } from "./end-session.ts";

/** A server that serves has answered by then. */
const WITHIN_MS = 500;

/** By which a server makes a session that is nobody's yet. */
const NOBODY = { id: "0", password: "0".repeat(32) };

/** Whether one of them does. Settles within {@link WITHIN_MS}. */
export async function oneServes(addresses: readonly Address[]): Promise<boolean> {
  return (await Promise.all(addresses.map(serves))).includes(true);
}

function serves({ host, port }: Address): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, noDelay: true });
    const deadline = setTimeout(() => socket.destroy(), WITHIN_MS);
    socket.on("connect", () => socket.write(Buffer.concat([connectRequest(NOBODY), closeRequest()])));
    socket.resume();
    socket.on("error", () => undefined);
    // The server hangs up when it has closed the session; one that does not serve hangs up without a word.
    socket.on("close", () => {
      clearTimeout(deadline);
      resolve(socket.bytesRead > 0);
    });
  });
}
