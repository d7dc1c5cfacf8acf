import { expect, test } from "vitest";
import { LabError } from "../lab-error.ts";
import { parseLab } from "./lab.ts";

async function planned(...args: string[]) {
  const options = await parseLab(["--scheme", "heir", ...args]);
  if (options.type !== "measure") throw new Error(`these are no options but ${options.type}`);
  return options.plan.ensemble;
}

test.each([
  ["-Xmx512m", ["-Xmx512m"]],
  [" -Xmx512m  -XX:+UseG1GC ", ["-Xmx512m", "-XX:+UseG1GC"]],
  [`-Da='one two' "-Db=it's"`, ["-Da=one two", "-Db=it's"]],
])("--server-flags %s is split at blanks that are not in quotes", async (text, options) => {
  expect(await planned("--server-flags", text)).toMatchObject({ jvmOptions: options });
  expect(await planned(`--server-flags=${text}`, "--failovers", "3")).toMatchObject({ jvmOptions: options });
});

test("settings for zoo.cfg may be several, whoever knows them", async () => {
  const args = ["--zoo-cfg", "snapCount=1000", "--zoo-cfg=mine.own = a=b"];
  await expect(planned(...args)).rejects.toThrow("--zoo-cfg");
  expect(await planned("--zoo-cfg", "snapCount=1000", "--zoo-cfg", "mine.own=a=b")).toMatchObject({
    zooCfg: { snapCount: "1000", "mine.own": "a=b" },
  });
});

test.each([
  [["--server-flags", "foo"], "--server-flags foo: an option of Java begins with -, and foo does not"],
  [["--server-flags", "-Da='b"], "--server-flags -Da='b: a quote is not closed"],
  [["--server-flags", "-cp x"], '--server-flags "-cp x": the lab itself says what Java runs; leave -cp out'],
  [["--server-flags"], "--server-flags: a value is missing; see yarn lab --help"],
  [["--zoo-cfg", "foo"], "--zoo-cfg foo: give key=value, such as snapCount=1000"],
  [["--zoo-cfg", "foo="], "--zoo-cfg foo=: give key=value, such as snapCount=1000"],
  [
    ["--zoo-cfg", "dataDir=/x"],
    "--zoo-cfg dataDir=/x: each server's data has a folder of its own; leave it out",
  ],
  [
    ["--zoo-cfg", "server.2=zk2"],
    "--zoo-cfg server.2=zk2: the lab lists the servers itself; give --servers 3 or 5",
  ],
  [["--zoo-cfg", "a=1", "--zoo-cfg", "a=2"], "--zoo-cfg a=2: a is given twice"],
  [
    ["--connect", "zk1", "--zoo-cfg", "a=1"],
    "--zoo-cfg is for the lab's own servers, --connect for yours; leave one of them out",
  ],
  [
    ["--connect", "zk1", "--server-flags", "-Xmx1g"],
    "--server-flags is for the lab's own servers, --connect for yours; leave one of them out",
  ],
])("%j is refused with the reason", async (args, message) => {
  const error = await planned(...args).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(LabError);
  expect(error).toMatchObject({ code: "usage", message });
});
