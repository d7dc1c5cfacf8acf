import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import {
  AuthFailed,
  AuthRequired,
  BadArguments,
  BadVersion,
  ConnectionLoss,
  ConnectTimeout,
  errorOf,
  InvalidAcl,
  InvalidState,
  NoAuth,
  NoChildrenForEphemerals,
  NodeExists,
  NoNode,
  NotEmpty,
  OutcomeUnknown,
  QuotaExceeded,
  returnCodes,
  SessionClosed,
  SessionExpired,
  Throttled,
  TryAgain,
  Unimplemented,
  ZooKeeperError,
} from "./errors.ts";

const UNKNOWN = "outcome unknown";
const AGAIN = "try again";
const FINAL = "final";

/** `KeeperException.Code` of 3.9 and `zookeeper.h` of 3.8, without the entries that only bound ranges. */
const known = [
  { code: -1, type: ConnectionLoss, fate: UNKNOWN },
  { code: -2, type: ConnectionLoss, fate: UNKNOWN },
  { code: -3, type: OutcomeUnknown, fate: UNKNOWN },
  { code: -4, type: ConnectionLoss, fate: UNKNOWN },
  { code: -5, type: ZooKeeperError, fate: FINAL },
  { code: -6, type: Unimplemented, fate: FINAL },
  { code: -7, type: ConnectionLoss, fate: UNKNOWN },
  { code: -8, type: BadArguments, fate: FINAL },
  { code: -9, type: InvalidState, fate: FINAL },
  { code: -12, type: ZooKeeperError, fate: FINAL },
  { code: -13, type: TryAgain, fate: AGAIN },
  { code: -14, type: TryAgain, fate: AGAIN },
  { code: -15, type: ConnectionLoss, fate: UNKNOWN },
  { code: -101, type: NoNode, fate: FINAL },
  { code: -102, type: NoAuth, fate: FINAL },
  { code: -103, type: BadVersion, fate: FINAL },
  { code: -108, type: NoChildrenForEphemerals, fate: FINAL },
  { code: -110, type: NodeExists, fate: FINAL },
  { code: -111, type: NotEmpty, fate: FINAL },
  { code: -112, type: SessionExpired, fate: UNKNOWN },
  { code: -113, type: BadArguments, fate: FINAL },
  { code: -114, type: InvalidAcl, fate: FINAL },
  { code: -115, type: AuthFailed, fate: FINAL },
  { code: -116, type: SessionClosed, fate: UNKNOWN },
  { code: -117, type: ZooKeeperError, fate: FINAL },
  { code: -118, type: ConnectionLoss, fate: UNKNOWN },
  { code: -119, type: TryAgain, fate: AGAIN },
  { code: -120, type: ZooKeeperError, fate: FINAL },
  { code: -121, type: ZooKeeperError, fate: FINAL },
  { code: -122, type: ConnectionLoss, fate: UNKNOWN },
  { code: -123, type: ZooKeeperError, fate: FINAL },
  { code: -124, type: AuthRequired, fate: FINAL },
  { code: -125, type: QuotaExceeded, fate: FINAL },
  { code: -127, type: Throttled, fate: AGAIN },
];

test.each(known)("$code is $type.name, with its code and its path", ({ code, type }) => {
  const error = errorOf(code, { path: "/a/b" });
  expect(error.constructor).toBe(type);
  expect(error).toMatchObject({ name: type.name, code, path: "/a/b" });
  expect(error.message).toMatch(/.+: \/a\/b$/);
});

test("an unknown code is still a ZooKeeper error that names the code", () => {
  const error = errorOf(-4711, {});
  expect(error.constructor).toBe(ZooKeeperError);
  expect(error).toMatchObject({ name: "ZooKeeperError", code: -4711, path: undefined });
  expect(error.message).toContain("-4711");
});

test.each(known)("after $code, the call's fate is: $fate", ({ code, fate }) => {
  const error = errorOf(code, {});
  expect(error instanceof OutcomeUnknown).toBe(fate === UNKNOWN);
  expect(error instanceof TryAgain).toBe(fate === AGAIN);
  const { tryAgain, outcomeUnknown, final } = returnCodes;
  const rows = { [AGAIN]: tryAgain, [UNKNOWN]: outcomeUnknown, [FINAL]: final }[fate];
  expect(rows?.[code]?.[2]).toBe(error.message);
  if (fate === UNKNOWN) expect(error.message).toContain("unknown");
  if (fate === AGAIN) expect(error.message).toContain("try again");
});

test("every code of the native client's header and of the table is listed above", () => {
  const header = createRequire(import.meta.url).resolve("zookeeper/package.json");
  const file = join(dirname(header), "deps/zookeeper-client-c/include/zookeeper.h");
  // If the package ships a compiled addon, it ships no header.
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  const native = [...text.matchAll(/^ {2}Z\w+ = (-\d+)/gm)].map(([, code]) => Number(code));
  const { tryAgain, outcomeUnknown, final } = returnCodes;
  const rows = [tryAgain, outcomeUnknown, final].flatMap((part) => Object.keys(part).map(Number));
  const listed = known.map(({ code }) => code);
  expect(rows.toSorted()).toEqual(listed.toSorted());
  expect(native.filter((code) => code !== -100 && !listed.includes(code))).toEqual([]);
});

test("the documentation says the same about each code", () => {
  const page = readFileSync(join(import.meta.dirname, "../../docs/using-the-election.md"), "utf8");
  const [, section = ""] = /^## When a call fails$(.*?)^## /ms.exec(page) ?? [];
  const rows = [...section.matchAll(/^\| `.*?\| ([−\d, ]+) \| (.*?) \|/gm)].map(
    ([, codes = "", fate = ""]) => ({
      codes: codes.split(", ").map((code) => Number(code.replace("−", "-"))),
      fate: { "was not carried out": AGAIN, "may have been carried out": UNKNOWN }[fate] ?? FINAL,
    }),
  );
  const told = rows.flatMap(({ codes, fate }) => codes.map((code) => `${code} ${fate}`));
  expect(told.toSorted()).toEqual(known.map(({ code, fate }) => `${code} ${fate}`).toSorted());
});

test("an error keeps its cause, and without a path its message names none", () => {
  const cause = new Error("refused");
  const error = new ConnectTimeout(0, "no session", { cause });
  expect(error).toMatchObject({ message: "no session", cause });
});
