import { describe, expect, test } from "vitest";
import { InvalidConnectString } from "./connect-string.ts";
import type { OpenOptions } from "./open-options.ts";
import { openSession } from "./open-session.ts";

/** Nobody listens there: accepted options end with the deadline. */
const good: OpenOptions = { connect: "127.0.0.1:1", timeoutMs: 4000, connectTimeoutMs: 50 };

/** Takes options as a caller may write them without types. */
async function refusal(options: object): Promise<Error> {
  return openSession({ ...good, ...options }).then(
    () => new Error("opened"),
    (error) => error,
  );
}

describe("a session is not opened", () => {
  test.each(["timeoutMs", "connectTimeoutMs"])("with an invalid %s", async (option) => {
    for (const value of [Number.NaN, 0, -1, 0.5, 1500.5, 1e12, Infinity, -Infinity, "4000", null]) {
      const error = await refusal({ [option]: value });
      expect(error).toBeInstanceOf(RangeError);
      expect(error.message).toBe(
        `${option} ${value}: give a whole number of milliseconds from 1 to 2147483647`,
      );
    }
  });

  test.each(["zk://127.0.0.1:1", "127.0.0.1:1;127.0.0.1:2", "127.0.0.1:0", "", "127.0.0.1:1//app", "a b:1"])(
    "with the connect string %j",
    async (connect) => {
      const error = await refusal({ connect });
      expect(error).toBeInstanceOf(InvalidConnectString);
      expect(error.message).toContain(`connect ${connect}: `);
    },
  );

  test("without a connect string", async () => {
    const error = await refusal({ connect: undefined });
    expect(error).toBeInstanceOf(RangeError);
    expect(error.message).toBe("connect undefined: write host:port,…[/chroot]");
  });

  test.each([
    { auth: [{ scheme: "digest", credentials: "secret" }], at: 0 },
    { auth: [{ scheme: "digest", credentials: ":secret" }], at: 0 },
    { auth: [{ scheme: "digest", credentials: "ann:secret" }, { scheme: "digest" }], at: 1 },
    { auth: [{ scheme: "", credentials: "ann:secret" }], at: 0 },
    { auth: [{ scheme: "x509", credentials: "" }], at: 0 },
    { auth: ["digest:ann:secret"], at: 0 },
    { auth: [null], at: 0 },
  ])("with credentials that are none: $auth", async ({ auth, at }) => {
    const error = await refusal({ auth });
    expect(error).toBeInstanceOf(RangeError);
    expect(error.message).toContain(
      `auth[${at}]: write it as { scheme: "digest", credentials: "user:password" }`,
    );
    expect(error.message).not.toContain("secret");
  });

  test("with credentials that are not a list", async () => {
    const error = await refusal({ auth: { scheme: "digest", credentials: "ann:secret" } });
    expect(error).toBeInstanceOf(RangeError);
    expect(error.message).toBe("auth: give a list of { scheme, credentials }");
  });
});

test("options that are left out or at their limits are accepted", async () => {
  for (const options of [{}, { timeoutMs: 1 }, { timeoutMs: 2 ** 31 - 1 }, { auth: [] }])
    expect((await refusal(options)).name).toBe("ConnectTimeout");
});
