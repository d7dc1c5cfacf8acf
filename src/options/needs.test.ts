import { expect, test } from "vitest";
import { diskRefusal } from "../ensemble/disk.ts";
import { LabError } from "../lab-error.ts";
import { parseBench } from "./bench.ts";
import { parseLab } from "./lab.ts";

/** What the arguments plan, without a repetition. */
async function planned(...args: string[]) {
  const options = await parseLab(args);
  if (options.type !== "measure") throw new Error("it plans something");
  const trials = options.plan.groups.flatMap((group) => group.trials);
  return { cautions: options.plan.cautions, faults: new Set(trials.map(({ fault }) => fault.name)) };
}

test("a fault that the other options do not permit is refused with the reason, before anything starts", async () => {
  const refusals = [
    [["--fault", "follower", "--candidates", "2"], "--fault follower: give --candidates 3 or more, not 2: "],
    [["--fault", "server-kill"], "--fault server-kill: give --servers 3 or 5, not 1: "],
    [["--fault", "both", "--servers", "1,3"], "--fault both: give --servers 3 or 5, not 1: "],
    [
      ["--fault", "isolated-leader", "--servers", "3", "--session-timeout", "4000,3600"],
      "--fault isolated-leader: give a --session-timeout of more than 3600 ms (18 ticks), not 3600: until it gives up",
    ],
    [
      [
        ...["--fault", "isolated-leader", "--session-timeout", "2000"],
        ...["--connect", "a,b,c", "--server-hook", "x", "--yes-on", "a,b,c"],
      ],
      "--fault isolated-leader: it needs relays between the lab's own servers; leave --connect out",
    ],
    [
      ["--fault", "quorum-loss", "--connect", "zk:2181"],
      "--fault quorum-loss: it strikes servers, and may only strike the lab's own; leave --connect out",
    ],
    [
      ["--fault", "slow-disk", "--servers", "3", "--no-fsync"],
      // Not every machine lets us mount a disk.
      diskRefusal() === null ? "leave --no-fsync out" : "it needs a small disk of its own",
    ],
    [
      ["--fault", "freeze", "--per-thread", "1,10"],
      "--fault freeze: its candidates need a thread each; leave --per-thread 10 out: all that share a thread",
    ],
    [
      ["--fault", "expire", "--per-thread", "2"],
      "--fault expire: its candidates need a thread each; leave --per-thread 2 out: a thread is held while",
    ],
    [
      ["--fault", "kill", "--host", "process", "--per-thread", "5"],
      "--per-thread 5: only threads are shared, not processes; leave this out, or --host process",
    ],
    [
      ["--candidate", "./mine", "--per-thread", "5"],
      "--per-thread 5: only threads are shared, not processes; leave this out, or --candidate",
    ],
    [
      ["--candidates", "20,200", "--per-thread", "100"],
      "--per-thread 100: there are only --candidates 20; give at most as many per thread",
    ],
    [
      ["--fault", "disk-full", "--connect", "a,b,c", "--server-hook", "x", "--yes-on", "a,b,c"],
      "--fault disk-full: it fills a disk of the lab's own servers; leave --connect out",
    ],
    [
      ["--fault", "server-kill", "--connect", "zk1:2181,zk2", "--server-hook", "x", "--yes-on", "zk1,zk2"],
      "--fault server-kill: name 3 or more in --connect, not 2: ",
    ],
  ] as const;
  for (const [args, words] of refusals) {
    const error = await parseLab(args).catch((error) => error);
    expect(error).toBeInstanceOf(LabError);
    expect(error.message).toContain(words);
  }
});

test("all faults are those that the other options permit, and the rest are named with the reason", async () => {
  const one = await planned("--fault", "all");
  expect(one.faults).toContain("partition");
  expect(one.faults).not.toContain("server-kill");
  const threads =
    "--fault all leaves out kill, kill-group, pause, crashes, deploy: its candidates have to be processes; add --host process: ";
  expect(one.cautions).toEqual([
    expect.stringContaining(threads),
    expect.stringMatching(/^--fault all leaves out server-kill, .*, both: give --servers 3 or 5, not 1: /),
  ]);
  const three = await planned("--fault", "all", "--servers", "3");
  expect(three.faults).toContain("server-kill");
  // Not every machine lets us mount a disk.
  expect(three.cautions.filter((words) => !/disk-full|slow-disk/.test(words))).toEqual([
    expect.stringContaining(threads),
  ]);
  const processes = await planned("--fault", "all", "--candidate-process");
  expect(processes.faults).toContain("kill");
  expect(processes.cautions).toContainEqual(
    expect.stringMatching(
      /^--fault all leaves out freeze, mass, herd-return, slow, both: its candidates have to be threads; /,
    ),
  );
  const shared = await planned("--fault", "all", "--per-thread", "5");
  expect([...shared.faults]).toEqual(expect.arrayContaining(["resign", "close", "partition"]));
  expect(shared.faults).not.toContain("freeze");
  expect(shared.cautions).toContainEqual(
    expect.stringMatching(/^--fault all leaves out expire, follower: its candidates need a thread each; /),
  );
  const bench = await parseBench(["--fault", "all", "--candidates", "2"]);
  expect(bench.type === "measure" && bench.plan.cautions).toContainEqual(
    expect.stringMatching(/^--fault all leaves out follower: give --candidates 3 or more, not 2: /),
  );
});
