import { afterAll, beforeAll, expect, test } from "vitest";
import { Venue } from "../testing/venue.ts";
import { ConnectionLoss, NodeExists } from "../zookeeper/errors.ts";
import { patiently } from "./patiently.ts";

let venue: Venue;

beforeAll(async () => {
  venue = await Venue.open("patiently-test");
});

afterAll(() => venue[Symbol.asyncDispose]());

test("a request that a lost connection swallowed is repeated over the next one", async () => {
  const relay = await venue.relay();
  const session = await venue.open({ relay });
  const failures: unknown[] = [];
  const ask = async () => {
    const answer = session.children("/");
    // The request or its answer is in flight.
    if (failures.length === 0) relay.dropConnections();
    return answer.catch((error) => {
      failures.push(error);
      throw error;
    });
  };
  expect(await patiently({ session, connect: relay.connect }, ask)).toContain("zookeeper");
  expect(failures.length).toBeGreaterThan(0);
  expect(failures.every((failure) => failure instanceof ConnectionLoss)).toBe(true);
  await venue.clear();
});

test("a refusal is an answer, and is not asked again", async () => {
  const session = await venue.open();
  let asked = 0;
  const ask = () => {
    asked++;
    return session.create("/zookeeper", "", "persistent");
  };
  await expect(patiently({ session, connect: venue.ensemble.connect }, ask)).rejects.toThrow(NodeExists);
  expect(asked).toBe(1);
  await venue.clear();
});
