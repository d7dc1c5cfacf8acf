import { describe, expect, test } from "vitest";
import type { Session } from "../zookeeper/session.ts";
import { Election } from "./election.ts";
import type { ElectionOptions } from "./election-options.ts";
import { schemes } from "./schemes.ts";

const path = "/services/mail";

/** The error message for these options, whatever their types; `undefined` if they are accepted. */
function refusalOf(options: object, session: Partial<Session> = { state: "connected", timeoutMs: 3000 }) {
  try {
    new Election(session as Session, { path, ...options } as ElectionOptions);
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

describe("tickTimeMs", () => {
  test.each([0, -5, Number.NaN, Number.POSITIVE_INFINITY, "500"])("%s is not a tick", (tickTimeMs) => {
    const error = refusalOf({ tickTimeMs });
    expect(error).toBeInstanceOf(RangeError);
    expect(error?.message).toBe(
      `tickTimeMs: ${tickTimeMs} is not a tick; give the tickTime of the servers' configuration, in milliseconds, or ` +
        "leave it out",
    );
  });

  test.each([1501, 2999, 3000, 10_000])("%i is too long for a session of 3000 ms", (tickTimeMs) => {
    const error = refusalOf({ tickTimeMs });
    expect(error).toBeInstanceOf(RangeError);
    expect(error?.message).toContain(`tickTimeMs: ${tickTimeMs} is more than half of the session timeout`);
    expect(error?.message).toContain(`a timeoutMs of ${2 * tickTimeMs} or more`);
  });

  test.each([1, 500, 1500])("%i fits a session of 3000 ms", (tickTimeMs) => {
    expect(refusalOf({ tickTimeMs })).toBeUndefined();
  });

  test("is compared with the timeout once that is known", () => {
    expect(refusalOf({ tickTimeMs: 2000 }, { state: "connecting", timeoutMs: 0 })).toBeUndefined();
  });
});

describe("join", () => {
  test.each(["predecessor", "heir"] as const)("by number is possible under %s", (name) => {
    expect(refusalOf({ join: "by-number", scheme: schemes[name] })).toBeUndefined();
    expect(refusalOf({ join: "by-number" })).toBeUndefined();
  });

  test.each(["leader", "children"] as const)("by number is refused under %s", (name) => {
    const error = refusalOf({ join: "by-number", scheme: schemes[name] });
    expect(error).toBeInstanceOf(RangeError);
    expect(error?.message).toBe(
      `join: "by-number" is for schemes that watch the contender just before, and ${name} does not say that it does ` +
        "(watchesPredecessor); leave join out, or use schemes.predecessor or schemes.heir",
    );
  });

  test("any other way is refused", () => {
    expect(refusalOf({ join: "number" })?.message).toBe(
      'join: "number" is not a way to join; give "by-list" or "by-number"',
    );
  });
});

describe("path", () => {
  test.each([
    ["", "does not begin with a slash"],
    ["services/mail", "does not begin with a slash"],
    ["/", "is the root"],
    ["/services/", "ends with a slash"],
    ["/services//mail", "has two slashes in a row"],
    ["/services/../mail", 'has the name ".."'],
    ["/./mail", 'has the name "."'],
    ["/mail\n", "has a character that servers do not accept"],
    ["/mail\u{1f600}", "has a character that servers do not accept"],
  ])("%j %s", (wrong, why) => {
    const error = refusalOf({ path: wrong });
    expect(error).toBeInstanceOf(RangeError);
    expect(error?.message).toContain(`path: ${JSON.stringify(wrong)} ${why}`);
    expect(error?.message).toContain('such as "/services/mail"');
  });

  test("a value that is not a string is not a path", () => {
    expect(refusalOf({ path: undefined })).toBeInstanceOf(TypeError);
  });

  test.each(["/mail", "/a/b.c/..d", "/größe/郵便"])("%s is accepted", (right) => {
    expect(refusalOf({ path: right })).toBeUndefined();
  });
});

test.each([
  { options: { data: 80 }, kind: TypeError, says: "data: give a string, not 80" },
  { options: { data: "x".repeat(1025) }, kind: RangeError, says: "data: 1025 bytes" },
  {
    options: { suspendedPolicy: "lax" },
    kind: RangeError,
    says: 'suspendedPolicy: "lax" is not a policy; give "strict"',
  },
  { options: { scheme: "heir" }, kind: TypeError, says: 'scheme: "heir" is not a scheme' },
  {
    options: { scheme: { ...schemes.heir, decide: undefined } },
    kind: TypeError,
    says: "scheme: what is given",
  },
  { options: { scheme: null }, kind: TypeError, says: "scheme: what is given is not a scheme" },
  { options: { acl: "world:anyone" }, kind: TypeError, says: "acl: give a list" },
  { options: { acl: [] }, kind: RangeError, says: "acl: an empty list gives nobody permission" },
  { options: { acl: [{ permissions: 31, scheme: "world" }] }, kind: TypeError, says: "acl: {" },
  { options: { acl: [null] }, kind: TypeError, says: "acl: null is not an entry" },
  {
    options: { acl: [{ permissions: 32, scheme: "world", id: "anyone" }] },
    kind: RangeError,
    says: "acl: the permissions 32 are not valid",
  },
])("$options is refused: $says", ({ options, kind, says }) => {
  const error = refusalOf(options);
  expect(error).toBeInstanceOf(kind);
  expect(error?.message).toContain(says);
});

test("accepts valid options", () => {
  const acl = [{ permissions: 31, scheme: "auth", id: "" }];
  expect(refusalOf({ data: "", suspendedPolicy: "session", scheme: schemes.heir, acl })).toBeUndefined();
});
