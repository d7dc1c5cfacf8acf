import { describe, expect, test } from "vitest";
import { prefixOf } from "./contenders.ts";
import { foreignAmong } from "./foreign-contenders.ts";

const guid = "7b0e8f1c5f0b4f439f0ca1b2c3d4e5f6";
const uuid = "7b0e8f1c-5f0b-4f43-9f0c-a1b2c3d4e5f6";
const ours = `${prefixOf(guid)}0000000007`;

describe("foreignAmong", () => {
  test.each([
    [`${guid}__lock__0000000001`, "kazoo"],
    [`${guid}__rlock__0000000001`, "kazoo"],
    [`_c_${uuid}-latch-0000000001`, "Curator's LeaderLatch"],
    [`_c_${uuid}-lock-0000000001`, "Curator"],
    [`_c_${guid}-lock-0000000001`, "go-zookeeper"],
    ["n_0000000001", "ZooKeeper's LeaderElectionSupport"],
    [`${guid}-n_0000000001`, "ZooKeeper's LeaderElectionSupport"],
    ["lock-2147483647", "another program"],
    ["lock--2147483648", "another program"],
    ["0000000001", "another program"],
  ])("%s is of %s", (name, family) => {
    const error = foreignAmong("/mail", [ours, "config", name, "v2"]);
    expect(error?.contender).toBe(name);
    expect(error?.message).toContain(`/mail: "${name}" is a contender of ${family}`);
    expect(error?.message).toContain("give this election a separate path");
  });

  test("a child without a number, or with a name like ours, is not", () => {
    const refused = [`${prefixOf(guid)}2147483647`, `${prefixOf(guid)}-2147483648`];
    expect(foreignAmong("/mail", [ours, "config", "lock-000000001", "x", ...refused])).toBeUndefined();
  });
});
