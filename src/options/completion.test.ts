import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { parseSoak } from "./bench-soak.ts";
import { parseClient } from "./client.ts";
import { completionScript } from "./completion.ts";
import { parseLab } from "./lab.ts";
import { parseReport } from "./report.ts";
import { parseServer } from "./server.ts";
import { parseSimulate } from "./simulate.ts";

const parsers = [parseLab, parseReport, parseServer, parseClient, parseSoak, parseSimulate];

const TAB = "\t";
/** Readline's `insert-completions`: all completions, not only their common prefix. */
const ALL = "\x1b*";

/** The words after `yarn` that an interactive bash has on its line after these keys. */
async function typed(keys: string, setUp = ""): Promise<string[]> {
  const helps = await Promise.all(parsers.map((parser) => parser(["--help"])));
  const script = completionScript(helps.flatMap((help) => (help.type === "words" ? help.words : [])));
  const { stdout } = await execa(
    "bash",
    [
      ...["-c", 'exec bash --noprofile --rcfile <(printf %s "$1") -i', "bash"],
      `yarn() { printf '%s\\n' "$@"; }\nPS1=\n${setUp}\n${script}`,
    ],
    // A separate session: otherwise a shell with a terminal would take it from the person who runs the tests.
    {
      input: `${keys}\n`,
      detached: true,
      env: { TERM: "dumb", INPUTRC: "/dev/null", HISTFILE: "" },
      timeout: 20_000,
    },
  );
  return stdout.split("\n").filter((word) => word !== "");
}

describe("bash offers", () => {
  test("the options of a command", async () => {
    expect(await typed(`yarn lab --ca${TAB}`)).toEqual(["lab", "--candidate"]);
    expect(await typed(`yarn report --export-${ALL}`)).toEqual([
      ...["report", "--export-csv", "--export-json", "--export-markdown", "--export-svg", "--export-trace"],
    ]);
  });

  test("each option once", async () => {
    const options = await typed(`yarn lab --${ALL}`);
    expect(options).toEqual(expect.arrayContaining(["--scheme", "--zookeeper-version", "--help"]));
    expect(new Set(options).size).toBe(options.length);
  });

  test("the commands, but not after another command", async () => {
    expect(await typed(`yarn ${ALL}`)).toEqual([
      ...["bench:soak", "lab", "report", "simulate", "start:client", "start:zookeeper"],
    ]);
    expect(await typed(`yarn install --ca${TAB}`)).toEqual(["install", "--ca"]);
    expect(await typed(`yarn install la${TAB}`)).toEqual(["install", "la"]);
  });

  test("a command's rest, behind its colon too", async () => {
    expect(await typed(`yarn start:c${TAB}`)).toEqual(["start:client"]);
    expect(await typed(`yarn sta${TAB}z${TAB}`)).toEqual(["start:zookeeper"]);
    expect(await typed(`yarn start:${ALL}`)).toEqual(["start:client", "zookeeper"]);
    expect(await typed(`yarn bench:s${TAB}--fa${TAB}`)).toEqual(["bench:soak", "--faults"]);
  });

  test("the same if a colon does not separate words", async () => {
    const keys = `yarn start:c${TAB}--sch${TAB}`;
    expect(await typed(keys, "COMP_WORDBREAKS=' '")).toEqual(["start:client", "--scheme"]);
  });
});
