/** Keeps the wills of a process, and has them carried out when it is gone; also in a simulation. */
import type { Readable, Writable } from "node:stream";
import type { Address } from "./connect-string.ts";
import { onLines } from "./lines.ts";
import type { SessionIdentity } from "./native-session.ts";
import { type Auth, isAuth } from "./open-options.ts";

/** What it takes to end a session. */
export interface Will {
  readonly identity: SessionIdentity;
  readonly servers: readonly Address[];
  readonly auth: readonly Auth[];
  /** The session's timeout. */
  readonly timeoutMs: number;
}

/** What whoever keeps wills is told; a line of JSON each. */
export type WillOrder =
  | { readonly type: "keep"; readonly will: number; readonly content: Will }
  | { readonly type: "revoke"; readonly will: number };

/** What it says: that it is there, before anything else, and that it keeps a will. */
export type WillReply = { readonly type: "ready" } | { readonly type: "kept"; readonly will: number };

/** Errors that say that the other side has closed its end, with something unread, or unanswered. */
const CLOSED_THERE = ["ECONNRESET", "EPIPE"];

/**
 * Keeps the wills that come over a connection.
 *
 * Only the other side's end of the connection ends a session: whatever else befalls the connection happens
 * here, and the process may live.
 * @param carryOut ends the session
 * @returns when the connection is over, and so are the sessions if the process is gone
 */
export async function keepWills(
  input: Readable,
  output: Writable,
  carryOut: (will: Will) => Promise<void>,
): Promise<void> {
  const wills = new Map<number, Will>();
  const say = (reply: WillReply) => output.write(`${JSON.stringify(reply)}\n`);
  const isGone = new Promise<boolean>((resolve) => {
    input.once("end", () => resolve(true));
    input.on("error", ({ code = "" }: NodeJS.ErrnoException) => resolve(CLOSED_THERE.includes(code)));
    input.once("close", () => resolve(false));
  });
  // If they go elsewhere, errors there say nothing.
  if (!Object.is(output, input)) output.on("error", () => undefined);
  onLines(input, (line) => {
    let order: WillOrder;
    try {
      order = parseOrder(line);
    } catch {
      // Whoever that is speaks something else.
      input.destroy();
      return;
    }
    switch (order.type) {
      case "keep":
        wills.set(order.will, order.content);
        say({ type: "kept", will: order.will });
        return;
      case "revoke":
        wills.delete(order.will);
        return;
      default:
        order satisfies never;
    }
  });
  say({ type: "ready" });
  if (await isGone) await Promise.all([...wills.values()].map(carryOut));
}

/** @throws when the line is no order */
function parseOrder(line: string): WillOrder {
  const order = JSON.parse(line) as Partial<WillOrder> | null;
  if (order?.type === "revoke" && typeof order.will === "number") return order as WillOrder;
  if (order?.type === "keep" && typeof order.will === "number" && isWill(order.content))
    return order as WillOrder;
  throw new Error("this is no order about a will");
}

function isWill(content: Partial<Will> | undefined): boolean {
  const { identity, servers, auth, timeoutMs } = content ?? {};
  return (
    isHex(identity?.id, 1, 16) &&
    isHex(identity?.password, 0, Number.POSITIVE_INFINITY) &&
    Array.isArray(servers) &&
    servers.length > 0 &&
    servers.every(isAddress) &&
    Array.isArray(auth) &&
    auth.every(isAuth) &&
    typeof timeoutMs === "number"
  );
}

function isHex(text: unknown, fewest: number, most: number): boolean {
  return (
    typeof text === "string" && /^[0-9a-f]*$/i.test(text) && text.length >= fewest && text.length <= most
  );
}

function isAddress(value: Partial<Address> | null): boolean {
  return typeof value?.host === "string" && Number.isInteger(value.port) && isPort(value.port);
}

function isPort(port = 0): boolean {
  return port > 0 && port < 2 ** 16;
}
