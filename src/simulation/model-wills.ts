/**
 * The wills of a process of the world, kept by the real keeper (zookeeper/estate.ts) at the other end of a
 * pipe. Whatever it decides to end is due; the world chooses when it does.
 */
import { EventEmitter } from "node:events";
import type { Readable, Writable } from "node:stream";
import { keepWills, type WillOrder } from "../zookeeper/estate.ts";
import type { SessionState } from "../zookeeper/session.ts";
import type { ModelSession } from "./model-session.ts";

/** The keeper's end of the pipe, as far as the keeper uses it. */
class Pipe extends EventEmitter {
  setEncoding(): this {
    return this;
  }

  destroy(): void {
    this.emit("close");
  }
}

/** The servers' addresses have no meaning here. */
const SERVERS = [{ host: "model", port: 1 }];

export class ModelWills {
  readonly #pipe = new Pipe();
  #wills = 0;

  /** @param due the keeper ends this session, by its id */
  constructor(due: (session: string) => void) {
    const input = this.#pipe as unknown as Readable;
    const output = { write: () => true, on: () => output } as unknown as Writable;
    void keepWills(input, output, async ({ identity }) => due(identity.id));
  }

  /** Leaves a will for the session, until that is over. */
  leave(session: ModelSession): void {
    const will = ++this.#wills;
    const { id, timeoutMs } = session;
    this.#say({
      ...{ type: "keep", will },
      content: { identity: { id, password: "" }, servers: SERVERS, auth: [], timeoutMs },
    });
    const hear = (state: SessionState) => {
      if (state !== "closed" && state !== "expired") return;
      session.off("state", hear);
      this.#say({ type: "revoke", will });
    };
    session.on("state", hear);
  }

  /** The process is gone: the kernel closes its end. */
  end(): void {
    this.#pipe.emit("end");
    this.#pipe.emit("close");
  }

  /** The connection to the keeper is lost, and the process lives. */
  lose(): void {
    this.#pipe.emit("error", Object.assign(new Error("lost"), { code: "ETIMEDOUT" }));
    this.#pipe.emit("close");
  }

  #say(order: WillOrder): void {
    this.#pipe.emit("data", `${JSON.stringify(order)}\n`);
  }
}
