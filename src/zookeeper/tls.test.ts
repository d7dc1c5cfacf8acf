import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import getPort from "get-port";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectExternal } from "../ensemble/external.ts";
import { LabError } from "../lab-error.ts";
import { mutePort } from "../testing/silent-port.ts";
import { alertingPort, certifiedPort, type TlsPort } from "../testing/tls-port.ts";
import { hostAndPort } from "./connect-string.ts";
import { ConnectTimeout } from "./errors.ts";
import { openSession } from "./open-session.ts";
import { tlsPorts } from "./tls.ts";

let folder: string;
const ports: Record<string, TlsPort> = {};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "zk-election-lab-test-"));
  ports.certified = await certifiedPort(folder);
  ports.alerting = await alertingPort();
});

afterAll(async () => {
  for (const port of Object.values(ports)) await port[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

function named(name: string): TlsPort {
  const port = ports[name];
  if (port === undefined) throw new Error(`there is no ${name} port`);
  return port;
}

describe.each(["certified", "alerting"])("a port that speaks TLS (%s)", (name) => {
  test("is told apart", async () => {
    expect(await tlsPorts([named(name)])).toEqual([hostAndPort(named(name))]);
  });

  test("is named as the reason why there is no session, within the given time", async () => {
    const connect = hostAndPort(named(name));
    const start = performance.now();
    const error = await openSession({ connect, timeoutMs: 4000, connectTimeoutMs: 1500 }).catch(
      (error) => error,
    );
    expect(error).toBeInstanceOf(ConnectTimeout);
    expect(error.message).toBe(
      `no session with ${connect} within 1500 ms: ${connect} speaks TLS, which the native client does not support; name the ` +
        "servers' clientPort, the one without TLS",
    );
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

test("a port that speaks TLS is named as the reason why a run cannot begin", async () => {
  const connect = hostAndPort(named("certified"));
  const error = await connectExternal({
    connect,
    auth: [],
    sessionTimeoutsMs: [4000],
    crowd: { candidates: 3, sessions: 3 },
    runId: "run",
  }).catch((error) => error);
  expect(error).toBeInstanceOf(LabError);
  expect(error.code).toBe("unavailable");
  expect(error.message).toMatch(
    /^--connect [^ ]+: 127.0.0.1:\d+ speaks TLS, which the native client does not support; /,
  );
  expect(error.message).not.toContain("maxClientCnxns");
});

test("other ports do not: one that is closed, that is mute, that hangs up, that answers in words", async () => {
  await using mute = await mutePort();
  const hangsUp = createServer((socket) =>
    socket.on("error", () => undefined).once("data", () => socket.destroy()),
  );
  const talks = createServer((socket) =>
    socket.on("error", () => undefined).once("data", () => socket.end("This is no ZooKeeper.\n")),
  );
  const listening = [hangsUp, talks].map(async (server) => {
    const port = await getPort();
    await new Promise<void>((done) => server.listen(port, "127.0.0.1", done));
    return { host: "127.0.0.1", port };
  });
  const closed = { host: "127.0.0.1", port: await getPort() };
  expect(await tlsPorts([closed, mute, ...(await Promise.all(listening))])).toEqual([]);
  for (const server of [hangsUp, talks]) server.close();
});
