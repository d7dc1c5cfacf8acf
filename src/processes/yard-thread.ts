/**
 * The thread that keeps the candidates' processes: it starts them, talks to them, and stands in their paths to
 * the servers, where it sees what they do. One thread does all of it, so that whatever is known of a candidate
 * is recorded by one writer.
 */
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { messageOf } from "../thrown.ts";
import { Enclosure } from "./enclosure.ts";
import type { BlowMessage, Report, Request, YardData } from "./yard-protocol.ts";

const port = parentPort;
if (port === null) throw new Error("this is a thread's program");
const data = workerData as YardData;
const report = (report: Report) => port.postMessage(report);
const all = data.servers.map(
  (_, candidate) => new Enclosure(candidate, data, join(data.folder, `${candidate}.stderr`), report),
);

port.on("message", (message: Request | BlowMessage) => {
  if ("blow" in message) return of(message.candidate).take(message.blow);
  obey(message)
    .then(() => report({ type: "done", id: message.id }))
    .catch((error) =>
      report({ type: "failed", id: message.id, blame: "program", message: messageOf(error) }),
    );
});

async function obey(request: Request): Promise<void> {
  switch (request.type) {
    case "enter":
      for (const one of all) one.enter(request);
      return;
    case "join":
      return of(request.candidate).join();
    case "resign":
      return of(request.candidate).resign();
    case "hold":
      return of(request.candidate).stop();
    case "go-on":
      return of(request.candidate).goOn();
    case "quiet":
      await Promise.all(request.candidates.map((candidate) => of(candidate).quiet(request.forMs)));
      return;
    case "leave":
      await Promise.all(all.map((one) => one.leave()));
      return;
    default:
      request satisfies never;
  }
}

function of(candidate: number): Enclosure {
  const one = all[candidate];
  if (one === undefined) throw new Error(`there is no candidate ${candidate}`);
  return one;
}
