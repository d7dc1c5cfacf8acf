import { expect, test } from "vitest";
import type { RolesSeen } from "../history/own-servers.ts";
import { Story } from "../testing/story.ts";
import { Service } from "./ensemble-record.ts";

const connected = (server: "unknown" | "1" | "2" | "3") => ({ sessionHigh: 1, sessionLow: 1, server });

function recordOf(seen: readonly RolesSeen[]) {
  const { events } = new Story({ servers: 3 })
    .event(0, 0, "connected", connected("1"))
    .event(1, 1, "connected", connected("3"))
    .event(2, 2, "connected", connected("3"))
    .event(3, -1, "enrolled", { candidates: 3 })
    .event(4, 2, "connected", connected("unknown"))
    .told();
  const service = new Service();
  for (const event of events) service.event(event);
  return service.record(seen);
}

test("nothing is known if nobody noted roles", () => {
  expect(recordOf([])).toBeNull();
});

test("the candidates of each server when the trial began, and every other leader since", () => {
  expect(
    recordOf([
      { failover: 0, roles: ["follower", "leader", "follower"] },
      { failover: 2, roles: ["follower", null, null] },
      { failover: 3, roles: ["leader", null, "follower"] },
      { failover: 4, roles: ["leader", "follower", "follower"] },
    ]),
  ).toEqual({
    leader: 2,
    leaderChanges: [
      { failover: 2, leader: null },
      { failover: 3, leader: 1 },
    ],
    candidatesPerServer: [1, 0, 2],
  });
});

test("where two say that they lead, nobody knows who does", () => {
  expect(recordOf([{ failover: 0, roles: ["leader", "leader", null] }])).toMatchObject({ leader: null });
});

test("nobody knows who serves a candidate that has moved before the trial", () => {
  const service = new Service();
  const story = new Story({ servers: 3 }).event(0, 0, "connected", connected("unknown"));
  for (const event of story.told().events) service.event(event);
  expect(service.record([{ failover: 0, roles: ["leader", "follower", "follower"] }])).toMatchObject({
    candidatesPerServer: null,
  });
});
