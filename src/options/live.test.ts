import { expect, test } from "vitest";
import type { LabError } from "../lab-error.ts";
import { parseLive } from "./live.ts";

const parsed = async (line: string) => {
  const options = await parseLive(line === "" ? [] : line.split(" "));
  if (options.type !== "live") throw new Error(`it is ${options.type}`);
  return options;
};

test("is an election for each scheme, all at the same time, on three servers", async () => {
  const { measure, schemes, candidates, strikable, elections } = await parsed("");
  const [group, ...others] = measure.plan.groups;
  expect(others).toEqual([]);
  expect(group?.turns.order).toBe("at-once");
  expect(group?.trials.map(({ scheme }) => scheme.name)).toEqual(schemes);
  expect([schemes.length, elections.length, candidates, strikable]).toEqual([4, 4, 12, 3]);
  for (const trial of group?.trials ?? [])
    expect(trial).toMatchObject({ fault: { name: "by-hand" }, failovers: 0, servers: 3, host: "thread" });
});

test("the servers of somebody else are not struck", async () => {
  const { measure, strikable } = await parsed("--connect zk1:2181,zk2:2181 --scheme leader,heir");
  expect([measure.plan.ensemble.type, strikable]).toEqual(["external", 0]);
});

test("its page may be shown at once, and its report is not", async () => {
  const { open, measure } = await parsed("--open --candidate-process --will");
  expect([open, measure.open]).toEqual([true, false]);
  expect(measure.plan.groups[0]?.trials[0]?.host).toBe("process-with-will");
});

test("a saved run is shown again, whatever else could be chosen for a new one", async () => {
  await expect(parseLive(["--replay", "runs/a", "--out", "demo.html"])).resolves.toEqual({
    ...{ type: "replay", run: "runs/a", out: "demo.html" },
  });
  await expect(parseLive(["--replay", "runs/a", "--servers", "3"])).rejects.toThrow(
    "--servers is for a new run, --replay for a saved one; leave one of them out",
  );
});

test.each([
  ["--candidates 2", "--candidates 2: give a whole number from 3 to 200"],
  ["--candidates 201", "--candidates 201: give a whole number from 3 to 200"],
  ["--candidates 5,10", "--candidates 5,10: give a whole number from 3 to 200"],
  ["--scheme heir", "--scheme heir: the page shows two side by side; give two or more"],
  ["--scheme heir,heir", "--scheme heir,heir"],
  ["--servers 1,3", "--servers 1,3: give 1, 3 or 5"],
  ["--port 65536", "--port 65536: give a whole number from 0 to 65535"],
  ["--session-timeout 100", "--session-timeout 100: give a whole number from 400 to 600000 ms"],
  ["--connect zk1:2181 --servers 3", "--servers is for the lab's own servers, --connect for yours"],
  ["--server-hook x", "--server-hook: unknown option"],
])("refuses %s before anything starts", async (line, message) => {
  const error = await parsed(line).catch((error: LabError) => error);
  expect(error).toMatchObject({ code: "usage", message: expect.stringContaining(message) });
});
