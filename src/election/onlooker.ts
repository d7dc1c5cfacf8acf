/** Tells an election's listeners who leads: observes for as long as somebody listens, and across sessions. */
import type { EventEmitter } from "node:events";
import type { Session } from "../zookeeper/session.ts";
import { CampaignEnded } from "./connection.ts";
import type { ElectionEvents } from "./election-events.ts";
import { observe } from "./observer.ts";
import type { Runtime } from "./runtime.ts";

export class Onlooker {
  readonly #election: EventEmitter<ElectionEvents>;
  readonly #path: string;
  readonly #session: () => Session;
  readonly #runtime: Runtime;
  #stop: AbortController | undefined;
  #last = "";

  /** @param session the present one */
  constructor(
    election: EventEmitter<ElectionEvents>,
    path: string,
    session: () => Session,
    runtime: Runtime,
  ) {
    this.#election = election;
    this.#path = path;
    this.#session = session;
    this.#runtime = runtime;
    // Both events are told before a listener is there, or when it is gone.
    const onNames = election as EventEmitter;
    onNames.on("newListener", (name) => name === "leader" && this.#look());
    onNames.on("removeListener", (name) => {
      if (name === "leader" && election.listenerCount("leader") === 0) this.#stop?.abort();
    });
    election.on("rejoined", () => election.listenerCount("leader") > 0 && this.#look());
  }

  #look(): void {
    if (this.#stop?.signal.aborted === false) return;
    this.#stop = new AbortController();
    void this.#tell(this.#stop);
  }

  async #tell(stop: AbortController): Promise<void> {
    try {
      for await (const leader of observe(this.#session(), this.#path, {
        signal: stop.signal,
        runtime: this.#runtime,
      })) {
        const seen = JSON.stringify(leader ?? null);
        // Under another session the same one may lead.
        if (seen !== this.#last) this.#election.emit("leader", leader);
        this.#last = seen;
      }
    } catch (error) {
      // Its session has ended: the next one goes on, if there is one. What else there is, the election meets as well.
      if (!(error instanceof CampaignEnded) && !stop.signal.aborted) process.emitWarning(error as Error);
    } finally {
      stop.abort();
    }
  }
}
