/**
 * Ends somebody else's session from outside, as if the ensemble had expired it: another connection takes the
 * session over and closes it, as ZooKeeper's own tests do with a second client. The server drops the victim's
 * connection at the take-over, and a running victim takes its session back within a fraction of a millisecond.
 * So this sends all requests in one write, in ZooKeeper's wire format (`zookeeper.jute`), and the caller keeps
 * the victim's thread blocked meanwhile.
 */
import { connect } from "node:net";
import { OutcomeUnknown } from "./errors.ts";
import type { SessionIdentity } from "./native-session.ts";
import type { Auth } from "./open-options.ts";

/** Request types. */
const CLOSE_SESSION = -11;
const AUTH = 100;
/** The fixed number of every request with credentials. */
const AUTH_XID = -4;

/** The answer to the take-over names the session, or none if that is over (`ConnectResponse`). */
const TAKEN_OVER_BYTES = 20;
const NO_SESSION = 0n;
const CLOSE_XID = 1;
const OK = 0;

/**
 * What a server had said when it hung up. `nothing`: it does not serve. `taken-over`: it does, but has not said
 * that the session is over, and the session may live on.
 */
export type Farewell = "nothing" | "taken-over" | "over";

/**
 * @param auth needed if the ensemble serves nobody without credentials
 * @throws {OutcomeUnknown} when the server is out of reach, or does not hang up
 */
export function endSession(
  { host, port }: { readonly host: string; readonly port: number },
  identity: SessionIdentity,
  auth: readonly Auth[] = [],
  timeoutMs = 5000,
): Promise<Farewell> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true });
    const deadline = setTimeout(() => {
      socket.destroy(
        new OutcomeUnknown(
          0,
          `${host}:${port} did not end the session ${identity.id} within ${timeoutMs} ms`,
        ),
      );
    }, timeoutMs);
    socket.on("connect", () =>
      socket.write(Buffer.concat([takeOver(identity), ...auth.map(credentials), closeSession()])),
    );
    const answers: Buffer[] = [];
    socket.on("data", (bytes) => answers.push(bytes));
    socket.on("error", (cause) =>
      reject(
        cause instanceof OutcomeUnknown
          ? cause
          : new OutcomeUnknown(0, `${host}:${port}: ${cause.message}`, { cause }),
      ),
    );
    socket.on("close", () => {
      clearTimeout(deadline);
      resolve(farewellOf(Buffer.concat(answers)));
    });
  });
}

function farewellOf(answers: Buffer): Farewell {
  if (answers.length < TAKEN_OVER_BYTES) return "nothing";
  if (answers.readBigUInt64BE(12) === NO_SESSION) return "over";
  // A `ReplyHeader`: the request's number, a zxid, and an error.
  for (let at = 4 + answers.readInt32BE(0); at + 20 <= answers.length; at += 4 + answers.readInt32BE(at))
    if (answers.readInt32BE(at + 4) === CLOSE_XID)
      return answers.readInt32BE(at + 16) === OK ? "over" : "taken-over";
  return "taken-over";
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

function closeSession(): Buffer {
  return framed(numbers(CLOSE_XID, CLOSE_SESSION));
}

/** `AuthPacket`: a type that servers ignore, scheme, credentials. */
function credentials({ scheme, credentials }: Auth): Buffer {
  return framed(Buffer.concat([numbers(AUTH_XID, AUTH, 0), counted(scheme), counted(credentials)]));
}

/** A `RequestHeader` consists of two numbers: the request's number and its type. */
function numbers(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeInt32BE(value, 4 * index);
  return bytes;
}

/** Text is prefixed with its length. */
function counted(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([numbers(bytes.length), bytes]);
}

/** Every packet is prefixed with its length. */
function framed(body: Buffer): Buffer {
  return Buffer.concat([numbers(body.length), body]);
}
