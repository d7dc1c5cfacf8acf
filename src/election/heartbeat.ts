/**
 * Reads the own znode again and again, so that the session's last answered contact stays young. Only whoever leads
 * pays for it, and an heir, who may lead in the next instant.
 */
import type { Session, Stat } from "../zookeeper/session.ts";
import type { Lease } from "./lease.ts";
import type { Runtime } from "./runtime.ts";

export interface HeartbeatListener {
  /** The own znode, or that it is not there. */
  answered(stat: Stat | undefined): void;
  /** What the ensemble refused, or a lost connection. */
  failed(error: unknown): void;
}

/** Beats from its making on until it is stopped, with one read under way at a time. */
export class Heartbeat {
  readonly #session: Session;
  readonly #znode: string;
  readonly #lease: Lease;
  readonly #runtime: Runtime;
  readonly #listener: HeartbeatListener;
  #cancelNext: () => void = () => undefined;
  #state: "resting" | "asking" | "stopped" = "resting";

  constructor(session: Session, znode: string, lease: Lease, runtime: Runtime, listener: HeartbeatListener) {
    this.#session = session;
    this.#znode = znode;
    this.#lease = lease;
    this.#runtime = runtime;
    this.#listener = listener;
    this.beat();
  }

  /** Now, unless an answer is awaited already. */
  beat(): void {
    if (this.#state !== "resting") return;
    this.#cancelNext();
    if (this.#session.state === "connected") void this.#ask();
    else this.#next(this.#lease.heartbeatMs);
  }

  stop(): void {
    this.#state = "stopped";
    this.#cancelNext();
    this.#lease.rest();
  }

  async #ask(): Promise<void> {
    this.#state = "asking";
    const sentAt = this.#runtime.now();
    try {
      const stat = await this.#session.exists(this.#znode);
      if (this.#isStopped()) return;
      this.#lease.exchanged(sentAt);
      this.#state = "resting";
      this.#next(sentAt + this.#lease.heartbeatMs - this.#runtime.now());
      this.#listener.answered(stat);
    } catch (error) {
      if (this.#isStopped()) return;
      this.#state = "resting";
      this.#next(this.#lease.heartbeatMs);
      this.#listener.failed(error);
    }
  }

  #isStopped(): boolean {
    return this.#state === "stopped";
  }

  #next(ms: number): void {
    this.#cancelNext = this.#runtime.after(Math.max(0, ms), () => this.beat());
  }
}
