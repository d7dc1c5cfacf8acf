/**
 * Tells an election's listeners who leads: observes for as long as there are listeners, and across sessions.
 */
import type { EventEmitter } from "node:events";
import { isDeepStrictEqual } from "node:util";
import { errorFrom } from "../thrown.ts";
import type { Session } from "../zookeeper/session.ts";
import { CampaignEnded } from "./connection.ts";
import type { ElectionEvents } from "./election-events.ts";
import { observe, type Standing } from "./observer.ts";
import type { Runtime } from "./runtime.ts";

type Listener = (leader: Standing | undefined) => void;

export class Onlooker {
  readonly #election: EventEmitter<ElectionEvents>;
  readonly #path: string;
  readonly #session: () => Session;
  readonly #runtime: Runtime;
  #stop: AbortController | undefined;
  /** What this look reported last. */
  #seen: { readonly leader: Standing | undefined } | undefined;

  /** @param session returns the current one */
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
    // Both events are emitted before the listener is there, or after it is gone.
    const onNames = election as EventEmitter;
    onNames.on("newListener", (name, listener: Listener) => name === "leader" && this.#look(listener));
    onNames.on("removeListener", (name) => {
      if (name === "leader" && election.listenerCount("leader") === 0) this.#end();
    });
    election.on("rejoined", () => election.listenerCount("leader") > 0 && this.#look());
  }

  /** @param listener a new one, which is told what the others know */
  #look(listener?: Listener): void {
    const seen = this.#seen;
    if (this.#stop?.signal.aborted === false) {
      if (listener !== undefined && seen !== undefined) queueMicrotask(() => listener(seen.leader));
      return;
    }
    this.#stop = new AbortController();
    void this.#tell(this.#stop);
  }

  #end(): void {
    this.#stop?.abort();
    this.#seen = undefined;
  }

  async #tell(stop: AbortController): Promise<void> {
    try {
      for await (const leader of observe(this.#session(), this.#path, {
        signal: stop.signal,
        runtime: this.#runtime,
        onTrouble: (error, attempt) => this.#election.emit("trouble", error, attempt),
      })) {
        // Under another session the same one may lead.
        const isKnown = this.#seen !== undefined && isDeepStrictEqual(leader, this.#seen.leader);
        this.#seen = { leader };
        // An error of a listener is thrown as from any other emitter, not to the observer.
        if (!isKnown) queueMicrotask(() => this.#election.emit("leader", leader));
      }
    } catch (error) {
      // The session has ended: the next one goes on, if there is one. The election itself meets all other
      // errors as well.
      if (!(error instanceof CampaignEnded) && !stop.signal.aborted) process.emitWarning(errorFrom(error));
    } finally {
      stop.abort();
    }
  }
}
