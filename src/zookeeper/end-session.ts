/**
 * Ends somebody else's session from outside, as if the ensemble had expired it: another connection takes the
 * session over and closes it, as ZooKeeper's own tests do with a second client. The server drops the victim's
 * connection at the take-over, and a victim that runs steals its session back within a fraction of a
 * millisecond: so both requests go out in one write here, in ZooKeeper's wire format (`zookeeper.jute`), and
 * the caller lets the victim's thread stand still meanwhile.
 */
import { connect } from "node:net";
import type { SessionIdentity } from "./native-session.ts";

const CLOSE_SESSION = -11;

/** Settles when the server has hung up, which it does after the close, or if the session was dead already. */
export function endSession(
  { host, port }: { readonly host: string; readonly port: number },
  identity: SessionIdentity,
  timeoutMs = 5000,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true });
    const deadline = setTimeout(() => {
      socket.destroy(
        new Error(`${host}:${port} did not end the session ${identity.id} within ${timeoutMs} ms`),
      );
    }, timeoutMs);
    socket.on("connect", () => socket.write(Buffer.concat([takeOver(identity), closeSession()])));
    // The answers are of no interest, but must be read for the end to be seen.
    socket.resume();
    socket.on("error", reject);
    socket.on("close", () => {
      clearTimeout(deadline);
      resolve();
    });
  });
}

/** `ConnectRequest`: protocol version, last zxid seen, timeout, session, password, read-only. */
function takeOver({ id, password }: SessionIdentity): Buffer {
  const secret = Buffer.from(password, "hex");
  const body = Buffer.alloc(4 + 8 + 4 + 8 + 4 + secret.length + 1);
  body.writeInt32BE(10_000, 12);
  body.writeBigUInt64BE(BigInt(`0x${id}`), 16);
  body.writeInt32BE(secret.length, 24);
  secret.copy(body, 28);
  return framed(body);
}

/** `RequestHeader`: number of the request, type. */
function closeSession(): Buffer {
  const body = Buffer.alloc(8);
  body.writeInt32BE(1, 0);
  body.writeInt32BE(CLOSE_SESSION, 4);
  return framed(body);
}

/** Every packet begins with its length. */
function framed(body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length);
  return Buffer.concat([length, body]);
}
