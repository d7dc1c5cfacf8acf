import { closeSync, openSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { Placeholder, underFreshNumber } from "./placeholder.ts";

const placeholder = new Placeholder();
const opened: number[] = [];

function open(): number {
  const number = openSync("/dev/null", "r");
  opened.push(number);
  return number;
}

function close(number: number): void {
  closeSync(number);
  opened.splice(opened.indexOf(number), 1);
}

afterEach(() => {
  placeholder.release();
  for (const number of [...opened]) close(number);
});

test.runIf(process.platform === "linux")(
  "nobody is given the number of what a call closes, until it is released",
  () => {
    const numbers = [open(), open(), open()] as const;
    placeholder.during(() => close(numbers[1]));
    expect([open(), open(), open()]).not.toContain(numbers[1]);
    placeholder.release();
    expect(open()).toBe(numbers[1]);
  },
);

test.runIf(process.platform === "linux")(
  "nobody is given the number of what was closed since the connection, until it is released",
  () => {
    const numbers = [open(), open(), open()] as const;
    placeholder.connected();
    // A lower number is free as well, and would be given first.
    close(numbers[2]);
    close(numbers[0]);
    placeholder.hold();
    const others = [open(), open(), open()];
    expect(others).not.toContain(numbers[0]);
    expect(others).not.toContain(numbers[2]);
    placeholder.release();
    expect([open(), open()]).toEqual([numbers[0], numbers[2]]);
  },
);

test.runIf(process.platform === "linux")(
  "a number that was in use before is not given beside sessions that may hold it still",
  () => {
    const numbers = [open(), open(), open()] as const;
    placeholder.connected();
    for (const number of numbers) close(number);
    let fresh = -1;
    underFreshNumber(() => {
      fresh = open();
    });
    expect(fresh).toBeGreaterThan(numbers[2]);
    // Nothing else is taken for good.
    expect(open()).toBe(numbers[0]);
  },
);
