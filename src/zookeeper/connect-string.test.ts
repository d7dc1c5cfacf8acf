import { describe, expect, test } from "vitest";
import { CredentialsInConnectString, InvalidConnectString, parseConnect } from "./connect-string.ts";

describe("parseConnect", () => {
  test.each([
    { text: "localhost", servers: ["localhost 2181"], chroot: "" },
    { text: "10.0.0.1:2182", servers: ["10.0.0.1 2182"], chroot: "" },
    { text: "zk1:1,zk2,zk3:65535", servers: ["zk1 1", "zk2 2181", "zk3 65535"], chroot: "" },
    { text: "zk1:1, zk2:2", servers: ["zk1 1", "zk2 2"], chroot: "" },
    { text: "[::1]:2182,[fe80::1%eth0]", servers: ["::1 2182", "fe80::1%eth0 2181"], chroot: "" },
    { text: "[::ffff:127.0.0.1]:2182", servers: ["::ffff:127.0.0.1 2182"], chroot: "" },
    { text: "zk1,zk2:2182/deep/lab", servers: ["zk1 2181", "zk2 2182"], chroot: "/deep/lab" },
    { text: "zk1/lab/", servers: ["zk1 2181"], chroot: "/lab" },
    { text: "zk1:1/team@home", servers: ["zk1 1"], chroot: "/team@home" },
    { text: "zk1/", servers: ["zk1 2181"], chroot: "" },
  ])("$text", ({ text, servers, chroot }) => {
    const parsed = parseConnect(text);
    expect(parsed.servers.map(({ host, port }) => `${host} ${port}`)).toEqual(servers);
    expect(parsed.chroot).toBe(chroot);
  });

  test.each([
    { text: "", says: '"" is not host:port; write host:port,…[/chroot]' },
    { text: "/lab", says: '"" is not host:port' },
    { text: "zk1,,zk2", says: '"" is not host:port' },
    { text: "zk1,", says: '"" is not host:port' },
    { text: "zk1:", says: '"zk1:" is not host:port' },
    { text: "zk1:0", says: '"zk1:0" is not host:port' },
    { text: "zk1:65536", says: '"zk1:65536" is not host:port' },
    { text: "zk1:99999", says: '"zk1:99999" is not host:port' },
    { text: "zk1:port", says: '"zk1:port" is not host:port' },
    { text: "zk1:2181:2182", says: '"zk1:2181:2182" is not host:port' },
    { text: "zk1,zk 2:1", says: '"zk 2:1" is not host:port' },
    { text: "zk1:1;zk2:2", says: 'servers are separated by commas, not by ";"' },
    { text: "zk://zk1:1/lab", says: 'leave "zk://" out; write host:port,…[/chroot]' },
    { text: "::1:2181", says: '"::1:2181" is not host:port' },
    { text: "[::1", says: '"[::1" is not host:port' },
    { text: "[zk1]:1", says: '"[zk1]:1" is not host:port' },
    { text: "zk1//lab", says: '"//lab" is not a znode\'s path' },
    { text: "zk1/lab//", says: '"/lab/" is not a znode\'s path' },
    { text: "zk1/lab/../other", says: '"/lab/../other" is not a znode\'s path' },
    { text: "zk1/.", says: '"/." is not a znode\'s path' },
    { text: "zk1/lab\n", says: "is not a znode's path" },
    { text: "zk1//", says: '"/" is not a znode\'s path' },
    { text: "zk1/🗳", says: '"/🗳" is not a znode\'s path' },
    { text: "zk1/\ue000", says: "is not a znode's path" },
  ])("refuses $text, and says what is wrong in it", ({ text, says }) => {
    const parse = () => parseConnect(text);
    expect(parse).toThrow(InvalidConnectString);
    expect(parse).toThrow(RangeError);
    expect(parse).toThrow(`connect ${text}: `);
    expect(parse).toThrow(says);
  });

  test.each(["ann:secret@zk1:2181", "ann:secret@zk1:2181/lab", "zk://ann:secret@zk1"])(
    "refuses credentials without a word of them: %s",
    (text) => {
      const parse = () => parseConnect(text);
      expect(parse).toThrow(CredentialsInConnectString);
      expect(parse).toThrow("it must not contain credentials; give them as `auth`");
      expect(parse).toThrow(expect.objectContaining({ message: expect.not.stringContaining("secret") }));
    },
  );
});
