import { expect, test } from "vitest";
import {
  AuthFailed,
  BadArguments,
  BadVersion,
  ConnectionLoss,
  ConnectTimeout,
  errorOf,
  InvalidState,
  NoAuth,
  NoChildrenForEphemerals,
  NodeExists,
  NoNode,
  NotEmpty,
  OutcomeUnknown,
  SessionClosed,
  SessionExpired,
  Unimplemented,
  ZooKeeperError,
} from "./errors.ts";

const known = [
  { code: -4, type: ConnectionLoss },
  { code: -6, type: Unimplemented },
  { code: -7, type: ConnectionLoss },
  { code: -8, type: BadArguments },
  { code: -9, type: InvalidState },
  { code: -101, type: NoNode },
  { code: -102, type: NoAuth },
  { code: -103, type: BadVersion },
  { code: -108, type: NoChildrenForEphemerals },
  { code: -110, type: NodeExists },
  { code: -111, type: NotEmpty },
  { code: -112, type: SessionExpired },
  { code: -115, type: AuthFailed },
  { code: -116, type: SessionClosed },
  { code: -118, type: ConnectionLoss },
];

test.each(known)("$code is $type.name, with its code and its path", ({ code, type }) => {
  const error = errorOf(code, { path: "/a/b" });
  expect(error.constructor).toBe(type);
  expect(error).toMatchObject({ name: type.name, code, path: "/a/b" });
  expect(error.message).toMatch(/.+: \/a\/b$/);
});

test("an unknown code is still an error of ZooKeeper, which tells the code", () => {
  const error = errorOf(-4711, {});
  expect(error.constructor).toBe(ZooKeeperError);
  expect(error).toMatchObject({ name: "ZooKeeperError", code: -4711, path: undefined });
  expect(error.message).toContain("-4711");
});

test("exactly those codes leave the outcome unknown that may come after the request was sent", () => {
  const unknown = known.filter(({ code }) => errorOf(code, {}) instanceof OutcomeUnknown);
  expect(unknown.map(({ code }) => code)).toEqual([-4, -7, -112, -116, -118]);
});

test("an error keeps its cause, and without a path its message names none", () => {
  const cause = new Error("refused");
  const error = new ConnectTimeout(0, "no session", { cause });
  expect(error).toMatchObject({ message: "no session", cause });
});
