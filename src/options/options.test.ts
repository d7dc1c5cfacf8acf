import { describe, expect, test } from "vitest";
import type { Blow } from "../candidates/blows.ts";
import { schemeNames, schemes } from "../election/schemes.ts";
import type { Need, StrikeContext } from "../faults/fault.ts";
import { type FaultName, faultNames, faults, faultsToFence } from "../faults/faults.ts";
import { LabError } from "../lab-error.ts";
import { axisLists } from "./axes.ts";
import { parseClient } from "./client.ts";
import { oneByOne, ours } from "./groups.ts";
import { parseLab } from "./lab.ts";
import type { MeasureOptions } from "./run-flags.ts";
import { parseServer } from "./server.ts";

/** Splits at blanks; `''` is an empty word. */
function words(line: string): string[] {
  return line.split(" ").flatMap((word) => (word === "" ? [] : [word === "''" ? "" : word]));
}

async function lab(line: string): Promise<MeasureOptions> {
  const options = await parseLab(words(line));
  if (options.type !== "measure") throw new Error("these are options, not a question for help");
  return options;
}

/** "2000 freeze 100 children", for each trial. */
function trialsOf({ plan }: MeasureOptions): string[] {
  return plan.groups.flatMap(({ trials }) =>
    trials.map(
      ({ sessionTimeoutMs, fault, candidates, scheme }) =>
        `${sessionTimeoutMs} ${fault.name} ${candidates} ${scheme.name}`,
    ),
  );
}

async function refusal(parsing: Promise<unknown>): Promise<string> {
  const error = await parsing.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(LabError);
  expect(error).toMatchObject({ code: "usage" });
  return (error as LabError).message;
}

function needsProcesses(name: FaultName): boolean {
  const needs: readonly Need[] = faults[name].needs;
  return needs.some((need) => need.what === "host" && need.is === "process");
}

function needsServers(name: FaultName): boolean {
  return faults[name].needs.some(({ what }) => what === "servers");
}

describe("yarn lab", () => {
  test("defaults", async () => {
    const groups = oneByOne([
      {
        ...axisLists({}),
        candidates: [50],
        schemes: ours("predecessor", "leader", "heir"),
        fault: [faults.resign],
        sessionTimeoutMs: [4000],
        failovers: 20,
      },
    ]);
    expect(await lab("")).toEqual({
      type: "measure",
      plan: {
        command: "lab",
        argv: ["lab"],
        cautions: [],
        thresholds: [],
        seed: 1,
        out: undefined,
        ensemble: {
          type: "embedded",
          tickTimeMs: 200,
          fsync: true,
          zookeeperHome: undefined,
          zookeeperVersion: undefined,
          ...{ spread: "even", jvmOptions: [], zooCfg: {} },
        },
        election: "election",
        counter: "guarded",
        warmUp: undefined,
        groups,
      },
      compare: undefined,
      exports: { csv: undefined, markdown: undefined, json: undefined, trace: undefined },
      json: false,
      quiet: false,
      open: false,
    });
  });

  test("lists, in the order in which they were given", async () => {
    const trials = trialsOf(
      await lab("--candidates 100,2 --scheme children,heir --fault freeze,resign --session-timeout 2000,400"),
    );
    const each = ["100 children", "100 heir", "2 children", "2 heir"];
    const conditions = ["2000 freeze", "2000 resign", "400 freeze", "400 resign"];
    expect(trials).toEqual(conditions.flatMap((condition) => each.map((one) => `${condition} ${one}`)));
  });

  test("faults with parameters are conditions of their own, with one name however they are typed", async () => {
    const trials = trialsOf(
      await lab(
        "--candidates 9 --scheme heir --fault slow:for=3000ms:at=60%,cut:for=0.50T,cut:for=0.25T,partition:for=3T",
      ),
    );
    const names = ["slow:at=60%:for=3s", "cut", "cut:for=0.25T", "partition:for=3T"];
    expect(trials).toEqual(names.map((name) => `4000 ${name} 9 heir`));
  });

  test("--freeze-for holds where no other time is given, and is not in a name", async () => {
    const { plan } = await lab(
      "--scheme heir --servers 3 --fault freeze,freeze:for=9s,both,cut --freeze-for 7000",
    );
    const lasting = plan.groups.map(({ trials: [trial] }) => {
      const blows: Blow[] = [];
      const context = {
        ...{ failover: 1, timing: { sessionTimeoutMs: 4000, tickTimeMs: 200 } },
        strike: (_: number, blow: Blow) => void blows.push(blow),
        servers: { leading: async () => undefined, kill: async () => undefined },
        record: () => undefined,
        network: { cut: async () => ({ ended: Promise.resolve() }) },
        healed: () => undefined,
      };
      void trial?.fault.strike([0], context as unknown as StrikeContext);
      return { name: trial?.fault.name, blows };
    });
    await Promise.resolve();
    const stands = (ms: number) => [{ type: "freeze", failover: 1, ms }];
    expect(lasting).toEqual([
      { name: "freeze", blows: stands(7000) },
      { name: "freeze:for=9s", blows: stands(9000) },
      { name: "both", blows: stands(7000) },
      { name: "cut", blows: [] },
    ]);
  });

  test.each([
    ["--delay none,20+-5,1.5ms", ["none", "20ms±5ms", "1.5ms"]],
    ["--wan eu-us,same-region", ["38ms", "1ms"]],
    ["--connect zk1 --delay 20", ["20ms"]],
    ["", ["none"]],
  ])("delays: %s", async (line, delays) => {
    const { plan } = await lab(`--scheme heir ${line}`);
    const trials = plan.groups.flatMap((group) => group.trials);
    expect(trials.map(({ delay }) => delay)).toEqual(delays);
  });

  test("all of them", async () => {
    const trials = trialsOf(await lab("--scheme all --fault all --candidates 3 --servers 3"));
    expect(trials).toEqual(
      faultNames
        .filter((name) => !needsProcesses(name))
        .flatMap((fault) => schemeNames.map((scheme) => `4000 ${fault} 3 ${scheme}`)),
    );
  });

  test("all faults that are possible there", async () => {
    const kinds = async (line: string) => {
      const { plan } = await lab(`--scheme heir --fault all ${line}`);
      return plan.groups.flatMap(({ trials }) => trials.map(({ fault }) => fault.name));
    };
    for (const line of ["--candidates 3", "--connect zk1,zk2,zk3"])
      expect(await kinds(line)).toEqual(
        faultNames.filter((name) => !needsServers(name) && !needsProcesses(name)),
      );
    expect(await kinds("--candidates 2")).not.toContain("follower");
  });

  test("trials on the same number of servers follow each other", async () => {
    const { plan } = await lab("--servers 3,1 --candidates 5,9 --scheme heir");
    const trials = plan.groups.flatMap(({ trials }) => trials);
    expect(trials.map(({ trial, servers, candidates }) => [trial, servers, candidates])).toEqual([
      [1, 3, 5],
      [2, 3, 9],
      [3, 1, 5],
      [4, 1, 9],
    ]);
  });

  test("your own ensemble has as many servers as you name", async () => {
    const { plan } = await lab("--connect zk1:2181,zk2:2181,zk3:2181/lab --scheme heir");
    expect(plan.groups.flatMap(({ trials }) => trials.map(({ servers }) => servers))).toEqual([3]);
  });

  test("blanks after a comma do no harm", async () => {
    const options = await parseLab(["--candidates", "10, 50", "--scheme", "heir"]);
    expect(options.type === "measure" && trialsOf(options)).toEqual([
      "4000 resign 10 heir",
      "4000 resign 50 heir",
    ]);
  });

  test("all other options", async () => {
    expect(
      await lab(
        "--failovers=3 --tick-time 50 --no-fsync --zookeeper-home /opt/zk --zookeeper-version 3.8.4 " +
          "--election my-service --seed 42 --out 007 --json --quiet --open",
      ),
    ).toMatchObject({
      plan: {
        groups: [{ trials: [{ failovers: 3 }] }, {}, {}],
        ensemble: { tickTimeMs: 50, fsync: false, zookeeperHome: "/opt/zk", zookeeperVersion: "3.8.4" },
        election: "my-service",
        seed: 42,
        out: "007",
      },
      json: true,
      quiet: true,
      open: true,
    });
  });

  test("one flag asks for unfenced trials, if an old leader may be left", async () => {
    expect(await lab("--fault resign,freeze --no-fence")).toMatchObject({ plan: { counter: "unguarded" } });
    expect(await lab("--fault freeze --no-fence --connect zk1")).toMatchObject({
      plan: { counter: "unguarded" },
    });
  });

  test("your own ensemble may grant what the lab's server would not", async () => {
    const options = await lab("--connect zk1:2181,[::1]:2182/lab --session-timeout 900000");
    expect(options.plan.ensemble).toEqual({ type: "external", connect: "zk1:2181,[::1]:2182/lab", auth: [] });
    expect(trialsOf(options)).toContain("900000 resign 50 heir");
  });

  test("names in any script", async () => {
    expect(await lab("--election Führung-選挙")).toMatchObject({ plan: { election: "Führung-選挙" } });
  });

  test.each([
    // Numbers
    ["--candidates 0", "--candidates 0: give a whole number from 2 to 100000"],
    ["--candidates -3", "--candidates -3: give a whole number from 2 to 100000"],
    ["--candidates=-3", "--candidates -3: give a whole number from 2 to 100000"],
    ["--candidates 1e9", "--candidates 1e9: give a whole number from 2 to 100000"],
    ["--candidates 1000000000", "--candidates 1000000000: give a whole number from 2 to 100000"],
    ["--candidates abc", "--candidates abc: give a whole number from 2 to 100000"],
    ["--candidates 2.5", "--candidates 2.5: give a whole number from 2 to 100000"],
    ["--candidates 0x10", "--candidates 0x10: give a whole number from 2 to 100000"],
    ["--candidates 1", "--candidates 1: there is nobody to fail over to; give 2 or more"],
    ["--candidates 10,abc", "--candidates abc: give a whole number from 2 to 100000"],
    ["--candidates 2,2", "--candidates 2,2: 2 is in the list twice; leave one out"],
    ["--candidates 2,02", "--candidates 2,02: 02 is in the list twice; leave one out"],
    ["--candidates 10,", "--candidates 10,: a value is missing beside a comma"],
    ["--failovers 0", "--failovers 0: give a whole number from 1 to 10000"],
    ["--seed -1", "--seed -1: give a whole number from 0 to 2147483647"],
    ["--tick-time 5", "--tick-time 5: give a whole number from 10 to 60000 ms"],
    // Choices
    ["--scheme loudest", "--scheme loudest: choose from predecessor, leader, children, heir"],
    ["--scheme leader,Leader", "--scheme Leader: choose from predecessor, leader, children, heir"],
    ["--fault earthquake", `--fault earthquake: choose from ${faultNames.join(", ")}`],
    ["--fault constructor", `--fault constructor: choose from ${faultNames.join(", ")}`],
    // Contradictions
    ["--delay 5 --wan eu-us", "--wan names a --delay; leave one of them out"],
    [
      "--session-timeout 399",
      "--session-timeout 399: give a whole number from 400 to 600000 ms, " +
        "the range that a server with --tick-time 200 grants",
    ],
    [
      "--session-timeout 600001 --tick-time 1000",
      "--session-timeout 600001: give a whole number from 2000 to 600000 ms, " +
        "the range that a server with --tick-time 1000 grants",
    ],
    ["--session-timeout 4000,abc", "--session-timeout abc: give a whole number from 20 to 3600000 ms"],
    [
      "--delay 5±9",
      "--delay 5±9: give milliseconds, at most 10000, and a jitter that is no longer: 20ms or 20ms±5ms",
    ],
    ["--delay 20,20ms", "--delay 20,20ms: 20ms is in the list twice; leave one out"],
    ["--wan mars", "--wan mars: choose from eu-us, ap-eu, same-region"],
    ["--connect zk1 --session-timeout 5", "--session-timeout 5: give a whole number from 20 to 3600000 ms"],
    [
      "--connect zk1 --tick-time 200",
      "--tick-time is for the lab's own servers, --connect for yours; leave one of them out",
    ],
    [
      "--fault resign,server-kill --servers 1,3",
      "--fault server-kill: give --servers 3 or 5, not 1: it strikes one of them, and the others have to go on",
    ],
    [
      "--fault server-kill --connect zk1,zk2,zk3",
      "--fault server-kill: it strikes servers, and may only strike the lab's own; leave --connect out, or give --server-hook",
    ],
    ["--servers 2", "--servers 2: an even number tolerates no more failures than one less; give 1, 3 or 5"],
    ["--servers 1,7", "--servers 7: give 1, 3 or 5"],
    ["--spread both", "--spread both: choose from even, leader, followers"],
    ["--spread leader", "--spread: one server serves all candidates; add --servers 3 or 5"],
    [
      "--servers 3 --connect zk1",
      "--servers is for the lab's own servers, --connect for yours; leave one of them out",
    ],
    [
      "--connect zk1 --no-fsync",
      "--no-fsync is for the lab's own servers, --connect for yours; leave one of them out",
    ],
    [
      "--zookeeper-home=/opt/zk --connect zk1",
      "--zookeeper-home is for the lab's own servers, --connect for yours; leave one of them out",
    ],
    [
      "--connect zk1 --zookeeper-version 3.9.5",
      "--zookeeper-version is for the lab's own servers, --connect for yours; leave one of them out",
    ],
    [
      "--fault resign,follower --candidates 2,50",
      "--fault follower: give --candidates 3 or more, not 2: it strikes a candidate that does not lead, and another " +
        "one has to notice",
    ],
    // Names and addresses
    ["--election a/b", "--election a/b: a znode cannot have this name; try: election"],
    ["--election ..", "--election ..: a znode cannot have this name; try: election"],
    ["--election 🗳", "--election 🗳: a znode cannot have this name; try: election"],
    ["--zookeeper-version ../3.9.5", "--zookeeper-version ../3.9.5: give one such as 3.9.5"],
    ["--connect zk1:port", '--connect zk1:port: "zk1:port" is not host:port; write host:port,…[/chroot]'],
    ["--join number", "--join number: choose from by-list, by-number"],
    [
      "--join by-list,by-number --scheme heir,leader",
      "--join by-number: leader does not say that it watches the contender just before (watchesPredecessor); leave it out, or give --scheme predecessor, heir or both",
    ],
    [
      "--join by-number --candidate ./mine",
      "--join by-number: a program joins in its own way; leave it out, or give --scheme predecessor, heir or both",
    ],
    ["--connect zk1:70000", '--connect zk1:70000: "zk1:70000" is not host:port; write host:port,…[/chroot]'],
    ["--connect zk1:2181/a//b", '--connect zk1:2181/a//b: "/a//b" is not a znode\'s path'],
    // The arguments themselves
    ["--nonsense", "--nonsense: unknown option; see yarn lab --help"],
    ["--candiates 5", "--candiates: unknown option; did you mean --candidates? See yarn lab --help"],
    ["--no-candidates", "--no-candidates: unknown option; did you mean --candidates? See yarn lab --help"],
    ["--fsync", "--fsync: unknown option; did you mean --no-fsync? See yarn lab --help"],
    ["--candidates.x 5", "--candidates.x: unknown option; did you mean --candidates? See yarn lab --help"],
    ["--constructor=x", "--constructor: unknown option; see yarn lab --help"],
    ["-n 5", "-n: unknown option; see yarn lab --help"],
    ["-candidates 5", "-candidates: unknown option; did you mean --candidates? See yarn lab --help"],
    ["50", "50: only options are expected here; see yarn lab --help"],
    ["--json yes", "yes: only options are expected here; see yarn lab --help"],
    ["-- --json", "--json: only options are expected here; see yarn lab --help"],
    ["--candidates", "--candidates: a value is missing; see yarn lab --help"],
    ["--candidates ''", "--candidates: a value is missing; see yarn lab --help"],
    ["--out=", "--out: a value is missing; see yarn lab --help"],
    ["--out --json", "--out: a value is missing; see yarn lab --help"],
    ["--json=yes", "--json takes no value; see yarn lab --help"],
    [
      "--fault freeze --session-timeout 2000 --freeze-for 2200",
      "--freeze-for 2200: give more than 2200 ms (T + tick) and at most 600000 ms: " +
        "until the session timeout and a tick have passed, nobody else leads",
    ],
    // Parameters
    [
      "--fault partition:for=1s",
      "--fault partition:for=1s: give more than 4200 ms (T + tick) and at most 24200 ms (T + tick + 20s): " +
        "the session has to expire, and then the victim is soon to return",
    ],
    [
      "--session-timeout 4000,2000 --fault cut:for=1.5s",
      "--fault cut:for=1500ms: give more than 0 ms and at most 1000 ms (0.5T): a client that hears nothing " +
        "gives up after two thirds of the timeout, and whether its session lives on is then uncertain",
    ],
    [
      "--fault slow:at=100%",
      "--fault slow:at=100%: give more than 0% and at most 90%: it has to work, and to be slow",
    ],
    ["--fault slow:at=half", "--fault slow:at=half: give at as a whole percentage: 10%"],
    [
      "--fault partition:for=3",
      "--fault partition:for=3: give for as a time: 500ms, 2s, or 2T, with T for the session timeout",
    ],
    [
      "--fault cut:for=0T",
      "--fault cut:for=0T: give for as a time: 500ms, 2s, or 0.5T, with T for the session timeout",
    ],
    ["--fault all,resign", "--fault all: all stands alone; leave out other faults, and parameters"],
    ["--fault all:for=3T", "--fault all:for=3T: all stands alone; leave out other faults, and parameters"],
    ["--fault slow:at=60.5%", "--fault slow:at=60.5%: give at as a whole percentage: 10%"],
    ["--fault cut:to=2T", "--fault cut:to=2T: cut has no parameter 'to'; write it like cut:for=0.5T"],
    ["--fault slow:", "--fault slow:: slow has no parameter ''; write it like slow:at=10%:for=2T"],
    ["--fault resign:for=2T", "--fault resign:for=2T: resign has no parameters; leave them out"],
    ["--fault slow:at=5%:at=6%", "--fault slow:at=5%:at=6%: at is given twice; leave one out"],
    [
      "--fault cut:for=1s,cut:for=1000ms",
      "--fault cut:for=1s,cut:for=1000ms: cut:for=1000ms is in the list twice; leave one out",
    ],
    ["--fault slow,slow:at=10%", "--fault slow,slow:at=10%: slow:at=10% is in the list twice; leave one out"],
    ["--freeze-for soon", "--freeze-for soon: give a whole number from 1 to 600000 ms"],
    [
      "--no-fence",
      `--no-fence: only old leaders that are threads are fenced, and there are none here; add --fault ${faultsToFence.join(" or ")}`,
    ],
    ["--no-fsync=false", "--no-fsync takes no value; see yarn lab --help"],
    ["--candidates 5 --candidates 10", "--candidates is given twice; see yarn lab --help"],
  ])("refuses %s", async (line, message) => {
    expect(await refusal(parseLab(words(line)))).toBe(message);
  });

  test("characters that would disturb the terminal are shown escaped", async () => {
    expect(await refusal(parseLab(["--scheme", "\u001b[2J"]))).toBe(
      '--scheme "\\u001b[2J": choose from predecessor, leader, children, heir',
    );
    expect(await refusal(parseLab(["--election", "a\nb"]))).toBe(
      '--election "a\\nb": a znode cannot have this name; try: election',
    );
    expect(await refusal(parseLab(["--candidates", "fifty of them"]))).toBe(
      '--candidates "fifty of them": give a whole number from 2 to 100000',
    );
  });
});

describe("yarn lab --help", () => {
  async function help(): Promise<string> {
    const answer = await parseLab(["--help"]);
    if (answer.type !== "words") throw new Error("these are words");
    return answer.words;
  }

  test("fits a terminal of 80 columns", async () => {
    const tooLong = (await help()).split("\n").filter((line) => line.length > 80);
    expect(tooLong).toEqual([]);
  });

  test("has groups, in the order of need", async () => {
    expect((await help()).match(/^\S.*:$/gm)).toEqual([
      "Experiment:",
      "ZooKeeper:",
      "Output:",
      "Other:",
      "Faults of candidates:",
      "Faults of the network:",
      "Faults of servers:",
      "Examples:",
    ]);
  });

  test("tells of every fault, under what it strikes, what happens, in one line", async () => {
    const text = await help();
    const headings = ["Faults of candidates:", "Faults of the network:", "Faults of servers:", "Examples:"];
    const starts = headings.map((heading) => text.indexOf(heading));
    const [ofCandidates = "", ofNetwork = "", ofServers = ""] = starts.map((start, index) =>
      text.slice(start, starts[index + 1]),
    );
    expect(ofCandidates).toMatch(/^ {2}freeze +the leader stands still/m);
    expect(ofNetwork).toMatch(/^ {2}partition +the leader is cut off/m);
    expect(ofServers).toMatch(/^ {2}server-kill +the leader's server is killed$/m);
    expect(ofServers).toMatch(/^ {4}:for= +how long it stands still; 1\.5T by default$/m);
    for (const name of faultNames)
      expect(text.match(new RegExp(`^ {2}${name} {2,}\\S.*\\n( {4}:| {2}\\S|$)`, "gm"))).toHaveLength(1);
  });

  test.each([
    ["candidates", "how many", "50"],
    ["scheme", "predecessor,leader,children", "predecessor,leader,heir"],
    ["fault", "a list, or all", "resign"],
    ["failovers", "how many", "20"],
    ["session-timeout", "milliseconds", "4000"],
    ["delay", "one way", "none"],
    ["tick-time", "milliseconds", "200"],
    ["election", "name", "election"],
    ["seed", "whole number", "1"],
  ])("tells of --%s its unit or its choices, and the default", async (name, unit, byDefault) => {
    const text = (await help()).replaceAll(/\s+/g, " ");
    const [, entry = ""] = text.split(` --${name} `);
    const [own = ""] = entry.split(" --");
    expect(own).toContain(unit);
    expect(own).toContain(`[default: ${byDefault}]`);
  });

  test("lists every option, and its default", async () => {
    const text = await help();
    for (const name of [
      "connect",
      "no-fence",
      "freeze-for",
      "no-fsync",
      "zookeeper-home",
      "zookeeper-version",
      "out",
      "json",
      "quiet",
      "open",
    ]) {
      expect(text).toMatch(new RegExp(`^ +--${name} +\\S`, "m"));
    }
    expect(text).toContain("runs/<UTC");
  });

  test("has seven examples, each of which would run", async () => {
    const examples = [...(await help()).matchAll(/^ {2}yarn lab (--.+)$/gm)].map(([, line = ""]) => line);
    expect(examples).toHaveLength(7);
    for (const example of examples) await lab(example.replace(/ > .*/, ""));
  });

  test("is printed in spite of invalid arguments", async () => {
    expect(await parseLab(["--nonsense", "--help"])).toMatchObject({ type: "words" });
  });

  test("speaks English, whatever the system does", async () => {
    const { LC_ALL } = process.env;
    process.env.LC_ALL = "de_DE.UTF-8";
    try {
      expect(await help()).toContain("[default: 50]");
    } finally {
      if (LC_ALL === undefined) delete process.env.LC_ALL;
      else process.env.LC_ALL = LC_ALL;
    }
  });
});

test("-h is --help", async () => {
  expect(await parseLab(["-h"])).toEqual(await parseLab(["--help"]));
});

test("--version is the package's", async () => {
  expect(await parseLab(["--version"])).toEqual({
    type: "words",
    words: expect.stringMatching(/^\d+\.\d+\.\d+$/),
  });
});

describe("yarn start:zookeeper", () => {
  test("defaults, and all options", async () => {
    expect(await parseServer([])).toEqual({
      type: "zookeeper",
      port: 2181,
      data: undefined,
      servers: 1,
      local: { zookeeperHome: undefined, zookeeperVersion: undefined, jvmOptions: [], zooCfg: {} },
    });
    expect(await parseServer(["--servers", "3", "--zoo-cfg", "snapCount=9"])).toMatchObject({
      servers: 3,
      local: { zooCfg: { snapCount: "9" } },
    });
    expect(await parseServer(["--port", "2182", "--data", "data"])).toMatchObject({
      port: 2182,
      data: "data",
    });
  });

  test.each([
    ["--port 0", "--port 0: give a whole number from 1 to 65535"],
    [
      "--servers 3 --port 65534",
      "--port 65534: 3 servers need the ports after it as well; give 65533 or less",
    ],
    ["--port http", "--port http: give a whole number from 1 to 65535"],
    ["--data", "--data: a value is missing; see yarn start:zookeeper --help"],
    ["--candidates 5", "--candidates: unknown option; see yarn start:zookeeper --help"],
  ])("refuses %s", async (line, message) => {
    expect(await refusal(parseServer(words(line)))).toBe(message);
  });
});

describe("yarn start:client", () => {
  test("defaults, and all options", async () => {
    expect(await parseClient([])).toEqual({
      type: "client",
      connect: "127.0.0.1:2181",
      auth: [],
      election: "/candidates",
      scheme: schemes.predecessor,
      sessionTimeoutMs: 10_000,
    });
    expect(await parseClient(words("--election services/mail --scheme leader"))).toMatchObject({
      election: "/services/mail",
      scheme: schemes.leader,
    });
  });

  test.each([
    ["--connect ::", '--connect ::: "::" is not host:port; write host:port,…[/chroot]'],
    ["--election /", "--election /: a znode cannot have this path; try: /candidates"],
    ["--election /a//b", "--election /a//b: a znode cannot have this path; try: /candidates"],
    ["--election /a/../b", "--election /a/../b: a znode cannot have this path; try: /candidates"],
    ["--election /a/🗳", "--election /a/🗳: a znode cannot have this path; try: /candidates"],
    [
      "--scheme predecessor,leader",
      "--scheme predecessor,leader: choose from predecessor, leader, children, heir",
    ],
    ["--session-timeout 10s", "--session-timeout 10s: give a whole number from 20 to 3600000 ms"],
  ])("refuses %s", async (line, message) => {
    expect(await refusal(parseClient(words(line)))).toBe(message);
  });
});
