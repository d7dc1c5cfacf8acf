import { expect, test } from "vitest";
import { ConnectionLoss, Unimplemented } from "../zookeeper/errors.ts";
import type { CreateMode, Session } from "../zookeeper/session.ts";
import { createContainer } from "./container.ts";

const unknown = new Unimplemented(-6, "the server does not know this operation");

/** The requests to a server of this version. */
async function asked(version: string | null, refusal?: Error) {
  const modes: CreateMode[] = [];
  const create = async (path: string, _data: string, mode: CreateMode) => {
    modes.push(mode);
    if (mode === "container" && refusal !== undefined) throw refusal;
    return path;
  };
  const path = await createContainer({ session: { create } as Partial<Session> as Session, version }, "/run");
  expect(path).toBe("/run");
  return modes;
}

test.each(["3.5.3", "3.8.0", "3.9.5", "3.10.0", "4.0.0"])("%s has containers", async (version) => {
  expect(await asked(version)).toEqual(["container"]);
});

test.each(["3.3.6", "3.4.14", "3.5.2"])(
  "%s has none, and hangs up on whoever asks for one: it is not asked",
  async (version) => {
    expect(await asked(version, unknown)).toEqual(["persistent"]);
  },
);

test("a server that does not report its version is asked for a container first", async () => {
  expect(await asked(null)).toEqual(["container"]);
  expect(await asked(null, unknown)).toEqual(["container", "persistent"]);
});

test("any other refusal is an error", async () => {
  await expect(asked(null, new ConnectionLoss(-4, "lost"))).rejects.toThrow("lost");
});
