import { expect, test } from "vitest";
import { LabError } from "../lab-error.ts";
import { parseConnectFlag } from "./connect-flag.ts";

test("reads what the library reads", () => {
  expect(parseConnectFlag("zk1,zk2:2182/lab/")).toMatchObject({ hosts: "zk1:2181,zk2:2182", chroot: "/lab" });
});

test.each(["", "zk1:0", "zk1:1;zk2:2", "zk://zk1", "zk1//lab"])(
  "refuses %j as the flag that it is, and says what is wrong",
  (text) => {
    const parse = () => parseConnectFlag(text);
    expect(parse).toThrow(LabError);
    expect(parse).toThrow(expect.objectContaining({ code: "usage" }));
    expect(parse).toThrow(`--connect ${text}: `);
  },
);
