import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { Placeholder, underFreshNumber } from "./placeholder.ts";

const placeholders: Placeholder[] = [];
const opened: number[] = [];
const servers: Server[] = [];

function open(): number {
  const number = openSync("/dev/null", "r");
  opened.push(number);
  return number;
}

function close(number: number): void {
  closeSync(number);
  opened.splice(opened.indexOf(number), 1);
}

function placeholder(): Placeholder {
  const made = new Placeholder();
  placeholders.push(made);
  return made;
}

/** A socket as the client has it: the loop polls its number, and nobody tells the loop that it is closed. */
async function socket(): Promise<{ readonly number: number; lose(): void }> {
  const server = createServer();
  servers.push(server);
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { _handle } = server as unknown as { _handle: { fd: number } };
  const number = _handle.fd;
  // The loop begins to poll it when it waits.
  await nextTurn();
  await nextTurn();
  return { number, lose: () => closeSync(number) };
}

afterEach(() => {
  for (const made of placeholders.splice(0)) made.release();
  for (const number of [...opened]) close(number);
  for (const server of servers.splice(0)) server.close();
});

describe.runIf(process.platform === "linux")("on Linux", () => {
  test("nobody is given the number of a lost socket, and all others are given as before", async () => {
    const [lowest, lost, between, other] = [open(), await socket(), open(), await socket()];
    const held = placeholder();
    held.connected();
    // A lower one and a higher one are free as well.
    close(lowest);
    close(between);
    lost.lose();
    held.hold();
    expect([open(), open()]).toEqual([lowest, between]);
    expect(open()).toBeGreaterThan(other.number);
  });

  test("it is given again when the next one is lost, or the session has ended", async () => {
    const [first, second] = [await socket(), await socket()];
    const held = placeholder();
    held.connected();
    first.lose();
    held.hold();
    held.connected();
    expect(open()).toBeGreaterThan(second.number);
    second.lose();
    held.hold();
    expect(open()).toBe(first.number);
    held.release();
    expect(open()).toBe(second.number);
  });

  test("it is held however often the loss is met before there is a connection", async () => {
    const lost = await socket();
    const held = placeholder();
    held.connected();
    lost.lose();
    held.hold();
    held.hold();
    expect(open()).not.toBe(lost.number);
  });

  test("no session holds the number that another one has lost, nor gives it back", async () => {
    const [ofOne, ofOther] = [await socket(), await socket()];
    const [one, other] = [placeholder(), placeholder()];
    one.connected();
    other.connected();
    ofOne.lose();
    one.hold();
    ofOther.lose();
    other.hold();
    one.release();
    expect(open()).toBe(ofOne.number);
    expect(open()).toBeGreaterThan(ofOther.number);
  });

  test("nobody is given the number of what a call closes, until the session has ended", () => {
    const numbers = [open(), open(), open()] as const;
    const held = placeholder();
    held.during(() => close(numbers[1]));
    expect([open(), open(), open()]).not.toContain(numbers[1]);
    held.release();
    expect(open()).toBe(numbers[1]);
  });

  test("a number that was in use before is not given beside sessions that may hold it still", () => {
    const numbers = [open(), open(), open()] as const;
    underFreshNumber(() => undefined);
    for (const number of numbers) close(number);
    let fresh = -1;
    underFreshNumber(() => {
      fresh = open();
    });
    expect(fresh).toBeGreaterThan(numbers[2]);
    // Nothing else is taken for good.
    expect(open()).toBe(numbers[0]);
  });
});
