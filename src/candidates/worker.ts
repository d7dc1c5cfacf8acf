/**
 * A candidate's thread: one long task for the pool. A thread that ended with an open session would take the
 * whole process along, so every way out of here closes it first, also an error that nobody caught.
 */
import { threadId } from "node:worker_threads";
import { Candidate } from "./candidate.ts";
import { type CandidateTask, failed, NO_REQUEST, type Report, type Request } from "./protocol.ts";

export default async function run(task: CandidateTask): Promise<void> {
  const { port } = task;
  const report = (message: Report) => port.postMessage(message);
  report({ type: "thread", threadId });
  const candidate = new Candidate(task, report);
  /** The requests so far: one is obeyed after the other. */
  let before = Promise.resolve();
  let stopListening: () => void = () => undefined;
  /** What is under way ends with the session; unless it was just about to have one. */
  const leave = async () => {
    await candidate.close();
    if (!candidate.isBrokenOff) await before;
    await candidate.close();
  };
  try {
    const leaving = await new Promise<number>((resolve, reject) => {
      const fail = (error: unknown) => reject(candidate.lateFault(error));
      process.on("uncaughtException", fail);
      stopListening = () => process.off("uncaughtException", fail);
      port.on("message", (request: Request) => {
        // Nothing holds up the leaving: not a delete that waits for a server which never comes back.
        if (request.type === "leave") resolve(request.id);
        else before = before.then(() => obey(candidate, request, report));
      });
    });
    await leave();
    report({ type: "done", id: leaving });
  } catch (error) {
    // First of all: what is under way fails because of it, and only then.
    report(failed(NO_REQUEST, error));
    throw error;
  } finally {
    await leave();
    stopListening();
    port.close();
  }
}

async function obey(
  candidate: Candidate,
  request: Exclude<Request, { type: "leave" }>,
  report: (report: Report) => void,
): Promise<void> {
  const { id } = request;
  try {
    await candidate.obey(request);
    if (!isStrike(request)) report({ type: "done", id });
  } catch (error) {
    report(failed(id, error));
  }
}

/** Nobody waits for a strike: its report would wake the coordinator in the middle of the measured window. */
function isStrike({ type }: Exclude<Request, { type: "leave" }>): boolean {
  switch (type) {
    case "resign":
    case "close":
    case "freeze":
    case "hold":
      return true;
    case "enter":
    case "join":
    case "catch-up":
    case "stand-down":
      return false;
    default:
      return type satisfies never;
  }
}
