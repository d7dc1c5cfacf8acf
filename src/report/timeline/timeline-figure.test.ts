import { expect, test } from "vitest";
import type { History } from "../../history/history.ts";
import { exampleHistory, exampleRun } from "../../testing/report-run.ts";
import { stillFigures } from "./timeline-figure.ts";

const captions = (histories: readonly History[]) =>
  stillFigures([exampleRun(histories)]).text.match(/(?<=<figcaption>)[^<]*/g);

test("a failover stands beside its counterpart under another scheme, never beside one with another session timeout", () => {
  const first = exampleHistory("predecessor");
  const leader = exampleHistory("leader", 2);
  const slower = { ...leader, header: { ...leader.header, sessionTimeoutMs: 2000 } };
  expect(captions([first, slower])).toEqual([expect.stringContaining("predecessor, 3 candidates")]);
  expect(captions([first, slower, { ...leader, header: { ...leader.header, trial: 3 } }])).toEqual([
    expect.stringContaining("trial 1: predecessor"),
    expect.stringContaining("trial 3: leader"),
  ]);
});
