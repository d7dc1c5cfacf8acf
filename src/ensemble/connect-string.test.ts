import { describe, expect, test } from "vitest";
import { LabError } from "../lab-error.ts";
import { parseConnect } from "./connect-string.ts";

describe("parseConnect", () => {
  test.each([
    { text: "localhost", servers: ["localhost 2181"], chroot: "" },
    { text: "10.0.0.1:2182", servers: ["10.0.0.1 2182"], chroot: "" },
    { text: "zk1:1,zk2,zk3:65535", servers: ["zk1 1", "zk2 2181", "zk3 65535"], chroot: "" },
    { text: "zk1:1, zk2:2", servers: ["zk1 1", "zk2 2"], chroot: "" },
    { text: "[::1]:2182,[fe80::1]", servers: ["::1 2182", "fe80::1 2181"], chroot: "" },
    { text: "zk1,zk2:2182/deep/lab", servers: ["zk1 2181", "zk2 2182"], chroot: "/deep/lab" },
    { text: "zk1/lab/", servers: ["zk1 2181"], chroot: "/lab" },
    { text: "zk1/", servers: ["zk1 2181"], chroot: "" },
  ])("$text", ({ text, servers, chroot }) => {
    const parsed = parseConnect(text);
    expect(parsed.servers.map(({ host, port }) => `${host} ${port}`)).toEqual(servers);
    expect(parsed.chroot).toBe(chroot);
  });

  test.each([
    { text: "", names: '""' },
    { text: "/lab", names: '""' },
    { text: "zk1,,zk2", names: '""' },
    { text: "zk1:", names: '"zk1:"' },
    { text: "zk1:0", names: '"zk1:0"' },
    { text: "zk1:65536", names: '"zk1:65536"' },
    { text: "zk1:port", names: '"zk1:port"' },
    { text: "zk1,zk 2:1", names: '"zk 2:1"' },
    { text: "::1:2181", names: '"::1:2181"' },
    { text: "[::1", names: '"[::1"' },
    { text: "zk1//lab", names: '"//lab"' },
    { text: "zk1/lab/../other", names: '"/lab/../other"' },
    { text: "zk1/.", names: '"/."' },
  ])("refuses $text, and names what is wrong in it", ({ text, names }) => {
    const parse = () => parseConnect(text);
    expect(parse).toThrow(LabError);
    expect(parse).toThrow(`--connect ${text}: ${names}`);
    expect(parse).toThrow(expect.objectContaining({ code: "usage" }));
  });
});
