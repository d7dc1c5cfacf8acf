import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { completionScript } from "./completion.ts";
import { parseLab } from "./lab.ts";
import { parseReport } from "./report.ts";

/** What bash offers for a line as it is typed so far. */
async function offered(line: string): Promise<string[]> {
  const helps = await Promise.all([parseLab(["--help"]), parseReport(["--help"])]);
  const script = completionScript(helps.flatMap((help) => (help.type === "words" ? help.words : [])));
  const words = line.split(" ");
  const { stdout } = await execa("bash", [
    "-c",
    `${script}
     COMP_LINE="$1" COMP_CWORD=${words.length - 1} COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")})
     _zk_election_lab
     printf '%s\\n' "\${COMPREPLY[@]}"`,
    "bash",
    line,
  ]);
  return stdout.split("\n").filter((word) => word !== "");
}

describe("bash offers", () => {
  test("the options of a command", async () => {
    expect(await offered("yarn lab --ca")).toEqual(["--candidates"]);
    expect(await offered("yarn report --export-")).toEqual([
      ...["--export-csv", "--export-markdown", "--export-json", "--export-trace"],
    ]);
  });

  test("each option once", async () => {
    const options = await offered("yarn lab --");
    expect(options).toEqual(expect.arrayContaining(["--scheme", "--zookeeper-version", "--help"]));
    expect(new Set(options).size).toBe(options.length);
  });

  test("the commands, and nothing of them behind another one", async () => {
    expect(await offered("yarn ")).toEqual(["lab", "report"]);
    expect(await offered("yarn install --ca")).toEqual([]);
  });
});
