/**
 * A host is a thread with its candidates, as one long task for the pool. It holds what they share: the port,
 * the copy of the addon, the event loop and what keeps it busy, standing still, and the ring that they record
 * into. If a thread ended with an open session the whole process would end, so every way out of here closes all
 * sessions first, even after an uncaught error.
 */
import { performance } from "node:perf_hooks";
import { threadId } from "node:worker_threads";
import { carryOut } from "./blows.ts";
import { Board } from "./board.ts";
import { Candidate } from "./candidate.ts";
import {
  type BlowMessage,
  failed,
  type HostTask,
  type JointRequest,
  NO_REQUEST,
  type Report,
  type Request,
  type SchemeSource,
} from "./protocol.ts";
import { type Load, lateFault } from "./scheme-module.ts";

/** @param load imports a scheme */
export default async function run(task: HostTask, load: Load): Promise<void> {
  const { port } = task;
  const host = new Host(task, load, (message) => port.postMessage(message));
  let stopListening: () => void = () => undefined;
  try {
    const leaving = await new Promise<number>((resolve, reject) => {
      const fail = (error: unknown) => reject(host.lateFault(error));
      process.on("uncaughtException", fail);
      stopListening = () => process.off("uncaughtException", fail);
      port.on("message", (message: Request | BlowMessage) => {
        // Nothing holds up leaving, not even a delete that waits for a server which never comes back.
        if ("blow" in message) host.take(message);
        else if (message.type === "leave") resolve(message.id);
        else host.obey(message);
      });
    });
    await host.leave();
    host.report({ type: "done", id: leaving });
  } catch (error) {
    // This comes first: commands in progress fail because of it, and must fail after it.
    host.report(failed(NO_REQUEST, error));
    throw error;
  } finally {
    await host.leave();
    stopListening();
    port.close();
  }
}

class Host {
  readonly report: (report: Report) => void;
  readonly #board: Board;
  readonly #candidates: ReadonlyMap<number, Candidate>;
  /** The previous request of each candidate: it obeys one after the other. */
  readonly #before = new Map<Candidate, Promise<void>>();
  #scheme: SchemeSource | undefined;
  /** How long the event loop was busy up to the end of the last catching up, in milliseconds. */
  #busyMs = 0;

  constructor(task: HostTask, load: Load, report: (report: Report) => void) {
    this.report = report;
    this.#board = new Board(task.board);
    report({ type: "thread", threadId });
    this.#candidates = new Map(
      task.residents.map((resident) => [resident.candidate, new Candidate(resident, task, load, report)]),
    );
  }

  obey(request: JointRequest): void {
    if (request.type === "enter") this.#scheme = request.trial.scheme;
    const candidates = request.candidates.map((number) => this.#candidate(number));
    this.#inTurn(candidates, request.id, async () => {
      if (request.type === "catch-up") await this.#catchUp(candidates);
      else await Promise.all(candidates.map((candidate) => candidate.obey(request)));
      this.report({ type: "done", id: request.id });
    });
  }

  take({ candidate: number, blow }: BlowMessage): void {
    const candidate = this.#candidate(number);
    const victim = { ...candidate.asVictim, standStill: (ms: number) => this.#board.freeze(ms) };
    this.#inTurn([candidate], NO_REQUEST, () => carryOut(victim, blow));
  }

  /** Commands in progress end with the sessions, unless they wait for one that was broken off. */
  async leave(): Promise<void> {
    const candidates = [...this.#candidates.values()];
    await Promise.all(candidates.map((candidate) => candidate.close()));
    if (!candidates.some(({ isBrokenOff }) => isBrokenOff)) await Promise.all(this.#before.values());
  }

  /** The uncaught error of this thread, with who is to blame for it. */
  lateFault(error: unknown): unknown {
    return lateFault(error, this.#scheme);
  }

  #candidate(number: number): Candidate {
    const candidate = this.#candidates.get(number);
    if (candidate === undefined) throw new Error(`candidate ${number} lives in another host`);
    return candidate;
  }

  #inTurn(candidates: readonly Candidate[], id: number, act: () => Promise<void>): void {
    const done = Promise.all(candidates.map((candidate) => this.#before.get(candidate)))
      .then(act)
      .catch((error) => this.report(failed(id, error)));
    for (const candidate of candidates) this.#before.set(candidate, done);
  }

  async #catchUp(candidates: readonly Candidate[]): Promise<void> {
    // This uses the loop's own record: a timer that measured delays would wake this thread inside the window.
    const { active } = performance.eventLoopUtilization();
    candidates[0]?.recordBusy(active - this.#busyMs);
    await Promise.all(candidates.map((candidate) => candidate.catchUp()));
    // The catching up itself is not the elections' work.
    this.#busyMs = performance.eventLoopUtilization().active;
  }
}
