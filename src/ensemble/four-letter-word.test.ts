import { createServer, type Server } from "node:net";
import getPort from "get-port";
import { afterEach, describe, expect, test } from "vitest";
import type { Address } from "../zookeeper/connect-string.ts";
import { ask, monitor, versionOf } from "./four-letter-word.ts";

let standIn: Server | undefined;

afterEach(() => {
  standIn?.close();
  standIn = undefined;
});

/** Answers each word as ZooKeeper does: with text, then hangs up. Without an answer it is silent. */
async function serverThatAnswers(answer?: (word: string) => string): Promise<Address> {
  const port = await getPort({ host: "127.0.0.1" });
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", (word) => {
      if (answer !== undefined) socket.end(answer(word.toString()));
    });
  });
  standIn = server;
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return { host: "127.0.0.1", port };
}

describe("versionOf", () => {
  test.each([
    {
      from: "a release",
      answer:
        "Zookeeper version: 3.9.5-e24bb8be0a7cb2f5da2a4c9e8b4fc2ecb2b8b5bc, built on 2026-01-07 12:00 UTC\n",
      version: "3.9.5",
    },
    {
      from: "Debian's package, whose build never filled in the commit",
      answer:
        "Zookeeper version: 3.8.0-$" +
        "{mvngit.commit.id}, built on 2023-03-27 21:48 UTC\nLatency min/avg/max: 0/0.0/0\n",
      version: "3.8.0",
    },
    {
      from: "an old release, which separates by a comma",
      answer: "Zookeeper version: 3.5.3-beta-8ce24f9e675cbefffb8f21a47e06b42864475a60, built on 04/03/2017\n",
      version: "3.5.3",
    },
  ])("is read from $from", ({ answer, version }) => {
    expect(versionOf(answer)).toBe(version);
  });

  test.each([
    ["a server that waits for its ensemble", "This ZooKeeper instance is not currently serving requests\n"],
    ["a server that does not permit the word", "srvr is not executed because it is not in the whitelist.\n"],
    ["nobody", ""],
  ])("is undefined for the answer of %s", (_, answer) => {
    expect(versionOf(answer)).toBeUndefined();
  });
});

describe("ask", () => {
  test("sends the word, and gives the whole answer once the server hangs up", async () => {
    const address = await serverThatAnswers((word) => `you said ${word}\nand that is all\n`);
    expect(await ask(address, "srvr")).toBe("you said srvr\nand that is all\n");
  });

  test("a server that is silent costs no more than the deadline, and is named", async () => {
    const address = await serverThatAnswers();
    await expect(ask(address, "srvr", { awakeMs: 100 })).rejects.toThrow(
      `127.0.0.1:${address.port} does not answer srvr within 100 ms`,
    );
  });

  test("a closed port gives the socket's own error", async () => {
    const port = await getPort({ host: "127.0.0.1" });
    await expect(ask({ host: "127.0.0.1", port }, "srvr")).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });
});

describe("monitor", () => {
  test("gives the numbers by name, and leaves out other values", async () => {
    const address = await serverThatAnswers(
      () =>
        "zk_version\t3.9.5-e24bb8b\nzk_watch_count\t49\nzk_avg_latency\t0.25\nzk_leader_uptime\t\nrest\t1\n",
    );
    expect([...((await monitor(address)) ?? [])]).toEqual([
      ["watch_count", 49],
      ["avg_latency", 0.25],
    ]);
  });

  test("is undefined when the server does not permit the word", async () => {
    const address = await serverThatAnswers(
      (word) => `${word} is not executed because it is not in the whitelist.\n`,
    );
    expect(await monitor(address)).toBeUndefined();
  });

  test.each([
    ["nothing", "", "it hangs up"],
    ["something else", "HTTP/1.1 400 Bad Request\n", "not with a monitor"],
  ])("who answers %s has not said that it does not permit the word", async (_, answer, reason) => {
    const address = await serverThatAnswers(() => answer);
    await expect(monitor(address)).rejects.toThrow(reason);
  });
});
