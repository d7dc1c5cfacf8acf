/** Many sessions of one thread that lose their connections together, as `--per-thread` has them. */
import { closeSync, existsSync, openSync, readFileSync, readlinkSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { ChildProgram } from "../testing/child-program.ts";
import type { Crowd, CrowdMessage } from "../testing/crowded-thread-program.ts";
import { Venue } from "../testing/venue.ts";
import { nativeClient } from "./binding.ts";
import { openNumbers } from "./file-numbers.ts";

const SESSIONS = 50;
const TIMEOUT_MS = 1500;

/** `O_CLOEXEC` of Linux. */
const CLOSE_ON_EXEC = 0o2000000;

function openSockets(): { readonly number: number; readonly socket: string }[] {
  return openNumbers().flatMap((number) => {
    const file = `/proc/self/fd/${number}`;
    const socket = existsSync(file) ? readlinkSync(file) : "";
    return socket.startsWith("socket:") ? [{ number, socket }] : [];
  });
}

function flagsOf(number: number): number {
  const info = readFileSync(`/proc/self/fdinfo/${number}`, "utf8");
  return Number.parseInt(/^flags:\s*([0-7]+)/m.exec(info)?.[1] ?? "0", 8);
}

let venue: Venue;

beforeAll(async () => {
  venue = await Venue.open("crowded-thread");
});

afterAll(() => venue[Symbol.asyncDispose]());

test("the addon of this checkout lets go of lost sockets; if not, run: yarn install", () => {
  expect(nativeClient().lets_go_of_lost_sockets).toBe(true);
});

test.runIf(process.platform === "linux")(
  "a session hears, though another one still held its socket's number when it was opened",
  async () => {
    const number = openSync("/dev/null", "r");
    const isOpen = () => existsSync(`/proc/self/fd/${number}`);
    const [cut, dropped] = [await venue.relay(), await venue.relay()];
    const seeking = await venue.open({ relay: cut, timeoutMs: TIMEOUT_MS });
    // Its client looks at its socket by itself only every third of this.
    const other = await venue.open({ relay: dropped, timeoutMs: 60_000 });
    closeSync(number);
    cut.cut();
    // The first has lost its connection, and tries to connect under the lowest free number.
    await vi.waitFor(() => expect(seeking.state).toBe("suspended"), 5000);
    await vi.waitFor(() => expect(isOpen()).toBe(true), { timeout: 5000, interval: 5 });
    // Nobody answers, so it gives that up; and before it tries again the other one is given the number.
    await vi.waitFor(() => expect(isOpen()).toBe(false), { timeout: 5000, interval: 5 });
    dropped.dropConnections();
    await vi.waitFor(() => expect(isOpen()).toBe(true), { timeout: 5000, interval: 5 });
    await vi.waitFor(() => expect(other.state).toBe("connected"), 5000);
    await delay(TIMEOUT_MS / 2);
    expect(seeking.state).toBe("suspended");
    const answer = other.exists("/").then(() => "heard");
    expect(await Promise.race([answer, delay(5000, "deaf")])).toBe("heard");
  },
);

test.runIf(process.platform === "linux")("no child process inherits a session's socket", async () => {
  const before = new Set(openSockets().map(({ socket }) => socket));
  const session = await venue.open();
  const opened = openSockets().filter(({ socket }) => !before.has(socket));
  expect(opened.length).toBeGreaterThan(0);
  for (const { number } of opened) expect(flagsOf(number) & CLOSE_ON_EXEC).not.toBe(0);
  await session.close();
});

test("fifty sessions of a thread come back after a server has stalled, and after it has died", {
  timeout: 60_000,
}, async () => {
  const { host, port } = venue.address;
  const crowd: Crowd = { connect: `${host}:${port}`, sessions: SESSIONS, timeoutMs: TIMEOUT_MS };
  await using program = await ChildProgram.start<CrowdMessage>(
    venue.scratch.folder,
    "crowded-thread-program.ts",
    crowd,
  );
  await program.told("together");
  await venue.server.pause();
  // They give up a connection after two thirds of this, and then each further attempt.
  await delay(3 * TIMEOUT_MS);
  await venue.server.resume();
  program.say("gather");
  expect(await program.told("together")).toMatchObject({ suspended: SESSIONS });
  await venue.server.restart();
  program.say("gather");
  expect(await program.told("together")).toMatchObject({ suspended: SESSIONS });
});
