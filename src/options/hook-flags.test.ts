import { expect, test } from "vitest";
import { LabError } from "../lab-error.ts";
import { parseLab } from "./lab.ts";

const three = ["--connect", "zk1:2181,zk2,[::1]:2183/lab", "--fault", "server-kill"];

/** The command that the arguments plan to call. */
async function planned(...args: string[]): Promise<string | undefined> {
  const options = await parseLab([...three, ...args]);
  if (options.type !== "measure" || options.plan.ensemble.type !== "external")
    throw new Error("it plans a run on the user's ensemble");
  return options.plan.ensemble.hook;
}

test.each([[["zk1,zk2,[::1]"]], [["zk1:2181", "zk2:2181", "[::1]:2183"]], [["zk2", "zk1:2181,[::1]"]]])(
  "a server may be struck if it is named, with its port or for all ports: %j",
  async (named) => {
    const permits = named.flatMap((text) => ["--yes-on", text]);
    expect(await planned("--server-hook", "./hook.sh --fast", ...permits)).toBe("./hook.sh --fast");
  },
);

test.each([
  [["--server-hook", "x"], "--server-hook: faults may strike zk1:2181, zk2:2181, [::1]:2183 as well; "],
  [["--server-hook", "x", "--yes-on", "zk1,zk2"], "add --yes-on [::1]:2183"],
  [["--server-hook", "x", "--yes-on", "zk1,zk2,[::1],zk4"], "--yes-on zk4: it is not in --connect; "],
  [["--server-hook", "x", "--yes-on", "zk1:2182,zk2,[::1]"], "--yes-on zk1:2182: it is not in --connect; "],
  [["--server-hook", "x", "--yes-on", "zk1/lab"], "--yes-on zk1/lab: give HOST or HOST:PORT"],
  [["--server-hook", "x", "--yes-on", "zk1,"], "a value is missing beside a comma"],
  [["--yes-on", "zk1"], "--yes-on names servers for --server-hook; "],
])("%j is refused before anything starts", async (args, words) => {
  const error = await planned(...args).catch((error) => error);
  expect(error).toBeInstanceOf(LabError);
  expect(error).toMatchObject({ code: "usage", message: expect.stringContaining(words) });
});

test("the lab strikes its own servers without a command", async () => {
  await expect(parseLab(["--server-hook", "x", "--yes-on", "zk1"])).rejects.toThrow(
    "--server-hook is for servers of --connect; ",
  );
});
