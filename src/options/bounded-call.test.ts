import { expect, test } from "vitest";
import { boundedCall, Unending } from "./bounded-call.ts";

test("gives what the call gives, and throws what it throws", () => {
  const object = { a: 1 };
  expect(boundedCall(() => object, 1000)).toBe(object);
  const error = new TypeError("mine");
  expect(() =>
    boundedCall(() => {
      throw error;
    }, 1000),
  ).toThrow(error);
});

test("throws values that are not errors, too", () => {
  let thrown: unknown = "something";
  try {
    boundedCall(() => {
      throw undefined;
    }, 1000);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeUndefined();
});

test("breaks off a call that never returns, and works again", () => {
  const call = () => {
    for (;;);
  };
  expect(() => boundedCall(call, 20)).toThrow(Unending);
  expect(boundedCall(() => 7, 1000)).toBe(7);
});
