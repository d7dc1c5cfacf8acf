/**
 * Ends the sessions of a process that is gone: each as soon as a server answers, and in vain when its timeout
 * is over, since then the ensemble has ended it.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Address } from "./connect-string.ts";
import { endSession } from "./end-session.ts";
import type { SessionIdentity } from "./native-session.ts";
import type { Auth } from "./open-options.ts";

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

/** What it answers. */
export interface WillReply {
  readonly type: "kept";
  readonly will: number;
}

/** A server that has not answered by then may be slow: the next one is asked as well. */
const NEXT_AFTER_MS = 100;
const AGAIN_AFTER_MS = 20;
const ANSWERS_WITHIN_MS = 2000;

/** @throws when the line is no order */
export function parseOrder(line: string): WillOrder {
  const order = JSON.parse(line) as Partial<WillOrder> | null;
  if (order?.type === "revoke" && typeof order.will === "number") return order as WillOrder;
  if (order?.type === "keep" && typeof order.will === "number") {
    const { identity, servers, auth, timeoutMs }: Partial<Will> = order.content ?? {};
    const isWill =
      isHex(identity?.id) &&
      isHex(identity?.password) &&
      Array.isArray(servers) &&
      Array.isArray(auth) &&
      typeof timeoutMs === "number";
    if (isWill) return order as WillOrder;
  }
  throw new Error("this is no order about a will");
}

function isHex(text: string | undefined): boolean {
  return typeof text === "string" && /^[0-9a-f]+$/i.test(text);
}

export class Estate {
  readonly #wills = new Map<number, Will>();

  /** @returns what to answer */
  follow(order: WillOrder): WillReply | undefined {
    switch (order.type) {
      case "keep":
        this.#wills.set(order.will, order.content);
        return { type: "kept", will: order.will };
      case "revoke":
        this.#wills.delete(order.will);
        return undefined;
      default:
        return order satisfies never;
    }
  }

  /** The process is gone. Settles when all its sessions are over. */
  async settle(): Promise<void> {
    await Promise.all([...this.#wills.values()].map(end));
    this.#wills.clear();
  }
}

async function end({ identity, servers, auth, timeoutMs }: Will): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline) {
    const ended = new AbortController();
    const tries = servers.map(async (server, index) => {
      await delay(index * NEXT_AFTER_MS, undefined, { signal: ended.signal });
      await endSession(server, identity, auth, ANSWERS_WITHIN_MS);
    });
    try {
      await Promise.any(tries);
      return;
    } catch {
      await delay(AGAIN_AFTER_MS);
    } finally {
      ended.abort();
    }
  }
}
