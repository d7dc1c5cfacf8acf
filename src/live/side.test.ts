import { beforeEach, expect, test } from "vitest";
import { COORDINATOR, type ServingServer } from "../history/event.ts";
import type { ServerNow } from "./ground.ts";
import { Side } from "./side.ts";
import { memberWords, sceneWords, servedWords, unservedWords } from "./words.ts";

let side: Side;

beforeEach(() => {
  side = new Side("predecessor");
  for (const candidate of [0, 1, 2]) {
    connected(candidate, String(candidate + 1) as ServingServer);
    side.hear({ at: 0, candidate, type: "created", sequence: candidate, czxid: candidate + 10 });
  }
  side.hear({ at: 0, candidate: 0, type: "claimed", sequence: 0, czxid: 10 });
  for (const candidate of [1, 2])
    side.hear({ at: 0, candidate, type: "armed", watch: "contender", sequence: candidate - 1 });
});

function connected(candidate: number, server: ServingServer, at = 0): void {
  side.hear({ at, candidate, type: "connected", sessionHigh: 0, sessionLow: 0, server });
}

const servedBy = () => side.members.map((member) => member.servedBy);

test("a candidate is served by the server that it is connected to, and by none while it is cut off", () => {
  expect(servedBy()).toEqual([1, 2, 3]);
  side.hear({ at: 1, candidate: 1, type: "suspended" });
  expect(servedBy()).toEqual([1, null, 3]);
  connected(1, "3");
  expect(servedBy()).toEqual([1, 3, 3]);
  expect([1, 2, 3].map((server) => servedWords(side, server))).toEqual(["c0", "nobody", "c1 c2"]);
  connected(1, "unknown");
  expect(servedBy()).toEqual([1, null, 3]);
});

test("of whom it is not known is said so", () => {
  expect(unservedWords([side])).toBe("");
  connected(1, "unknown");
  expect(unservedWords([side])).toBe("Not known which server serves them, if any does: predecessor: c1.");
});

test("a box tells which server serves it, if that is known", () => {
  const said = () => side.members.map((member) => memberWords(member, false));
  expect(said()[2]).toBe("waits, watches c1, served by server 3");
  connected(2, "unknown");
  expect(said()[2]).toBe("waits, watches c1");
});

test("a struck server's sessions move, and nobody loses its place", () => {
  const servers: ServerNow[] = [
    { server: 1, role: "leads" },
    { server: 2, role: "away" },
    { server: 3, role: "follows" },
  ];
  side.hear({ at: 1, candidate: COORDINATOR, type: "struck", act: "kill-server", server: 2 });
  side.hear({ at: 2, candidate: COORDINATOR, type: "servers", servers });
  side.hear({ at: 3, candidate: 1, type: "suspended" });
  connected(1, "1", 4);
  side.hear({ at: 5, candidate: COORDINATOR, type: "settled", failover: 1 });
  expect(side.servers).toEqual(servers);
  const { scene, members } = side;
  expect(scene).toMatchObject({ server: 2, place: -1, others: 3, gone: [], settledAfter: 4 });
  expect(scene && sceneWords({ scene, members })).toBe(
    "Server 2 was struck: 1 session moved to another server, and nobody lost its place.",
  );
});
