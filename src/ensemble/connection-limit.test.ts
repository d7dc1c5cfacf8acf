import { once } from "node:events";
import { connect, type Socket } from "node:net";
import getPort from "get-port";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Address, hostAndPort } from "../zookeeper/connect-string.ts";
import { openSession } from "../zookeeper/open-session.ts";
import { checkConnectionLimit, untilFull } from "./connection-limit.ts";
import { findDistribution } from "./distribution.ts";
import { connectExternal } from "./external.ts";
import { Scratch } from "./scratch.ts";
import { startServer } from "./server.ts";

const LIMIT = 6;

let scratch: Scratch;
let open: Address;
/** A server that does not permit the word that reports its limit. */
let reserved: Address;
const sockets: Socket[] = [];

beforeAll(async () => {
  scratch = await Scratch.create();
  [open, reserved] = await Promise.all([serverThatPermits("*"), serverThatPermits("srvr")]);
});

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

afterAll(() => scratch[Symbol.asyncDispose]());

async function serverThatPermits(words: string): Promise<Address> {
  const { address } = await startServer(scratch, {
    distribution: await findDistribution(),
    port: await getPort(),
    tickTimeMs: 200,
    fsync: false,
    settings: { maxClientCnxns: LIMIT, "4lw.commands.whitelist": words },
  });
  return address;
}

/** Opens all connections that the server accepts from here. */
async function fill(address: Address): Promise<void> {
  for (let count = 0; count < LIMIT; count++) {
    const socket = connect(address).on("error", () => undefined);
    sockets.push(socket);
    await once(socket, "connect");
  }
}

describe("before a run", () => {
  const crowd = (candidates: number) => ({ candidates, sessions: candidates });

  test("more connections than the server takes from one address: which limit, and how many", async () => {
    await expect(checkConnectionLimit([open], crowd(5))).rejects.toThrow(
      `--candidates 5: they need 7 connections, but maxClientCnxns is 6 at 127.0.0.1:${open.port}; raise it in the ` +
        "servers' zoo.cfg (0 is no limit), or use fewer --candidates",
    );
    await expect(checkConnectionLimit([open], { candidates: 4, sessions: 8 })).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringContaining("--candidates 4: they need 10 connections"),
    });
  });

  test("a run is refused before it has made anything", async () => {
    const connect = hostAndPort(open);
    const begun = connectExternal({
      connect,
      auth: [],
      sessionTimeoutsMs: [4000],
      crowd: crowd(5),
      runId: "run",
    });
    await expect(begun).rejects.toThrow("--candidates 5: they need 7 connections");
    await using session = await openSession({ connect, timeoutMs: 4000 });
    expect(await session.children("/")).toEqual(["zookeeper"]);
  });

  test("as many as it takes, and more on two servers", async () => {
    await checkConnectionLimit([open], crowd(4));
    await checkConnectionLimit([open, open], crowd(10));
  });

  test("a server that does not tell its limit, and one that is out of reach, may have room", async () => {
    await checkConnectionLimit([reserved], crowd(5000));
    await checkConnectionLimit([{ host: "127.0.0.1", port: await getPort() }], crowd(5000));
  });
});

describe("while a crowd connects", () => {
  test("a server that takes no more: how many have come, and which limit that may be", async () => {
    await fill(reserved);
    const full = untilFull([reserved], () => LIMIT, new AbortController().signal);
    await expect(full).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringMatching(/^6 candidates have joined, and the servers hang up .* maxClientCnxns/),
    });
  }, 8000);

  test.each([
    { what: "a server that has room", filled: 0, coming: false },
    { what: "a full one while more come all the same", filled: LIMIT, coming: true },
  ])(
    "$what is no reason to give up",
    async ({ filled, coming }) => {
      if (filled > 0) await fill(reserved);
      let looks = 0;
      const over = new AbortController();
      const full = untilFull(
        [reserved],
        () => {
          if (++looks === 3) over.abort();
          return coming ? looks : 0;
        },
        over.signal,
      );
      await full;
    },
    15_000,
  );
});
