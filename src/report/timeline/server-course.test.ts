import { expect, test } from "vitest";
import type { RolesSeen } from "../../history/own-servers.ts";
import { ensembleHistory } from "../../testing/report-run.ts";
import { Story } from "../../testing/story.ts";
import { eventsOfTrial } from "../data-scripts.ts";
import { serverRecord } from "./server-course.ts";
import { servesWords, stretchWords, whereWords } from "./server-words.ts";
import { failoverSentence } from "./timeline-words.ts";
import { trialView } from "./trial-view.ts";

/** Each server's stretches: when one begins, in milliseconds, and what it says. */
function told({ events }: Pick<ReturnType<Story["told"]>, "events">, roles: readonly RolesSeen[]) {
  return serverRecord(events, roles)?.courses.map((course) =>
    course.map((one) => `${Math.round(one.from / 1e6)}: ${stretchWords(one)}`),
  );
}

test("a server leads until it is killed, and another one is only seen to lead when somebody looks", () => {
  const history = ensembleHistory();
  expect(told(history, history.observations?.roles ?? [])).toEqual([
    ["5: follows, serves 2", "220: follows, serves 1"],
    ["5: follows", "100: role not seen", "150: role not seen, serves 1", "210: leads, serves 1"],
    [
      "5: leads, serves 1",
      "100: role not seen, serves 1",
      "100: killed, serves 1",
      "101: killed",
      "210: follows",
      "220: follows, serves 1",
    ],
  ]);
});

test("without a word of which server was struck, a role is unknown from the strike on", () => {
  const roles = [
    { failover: 0, roles: ["leader", "follower"] },
    { failover: 2, roles: ["follower", "leader"] },
  ] as const;
  const story = new Story({ failovers: 2 })
    .event(1, -1, "enrolled", { candidates: 2 })
    .joins(2, 0)
    .joins(3, 1);
  story.fault(10, 1, 0).settles(15, 1).fault(20, 2, 1).settles(25, 2);
  expect(told(story.told(), roles)).toEqual([
    [
      "1: leads",
      "2: leads, serves 1",
      "3: leads, serves 2",
      "20: role not seen, serves 2",
      "25: follows, serves 2",
    ],
    ["1: follows", "20: role not seen", "25: leads"],
  ]);
});

test("roles count from the moment at which they were seen, also in a later turn of the trial", () => {
  const roles = [
    { failover: 0, at: 2e6, roles: ["leader", "follower"] },
    { failover: 1, at: 16e6, roles: ["follower", "leader"] },
    { failover: 1, at: 32e6, roles: ["leader", "follower"] },
  ] as const;
  const story = new Story({ candidates: 2 }).event(1, -1, "enrolled", { candidates: 2 }).fault(10, 1, 0);
  // The other turn begins, and has a warm-up.
  story.settles(15, 1).event(20, -1, "enrolled", { candidates: 2 }).fault(30, 0, 0).settles(31, 0);
  expect(told(story.event(40, -1, "enrolled", { candidates: 2 }).told(), roles)?.[1]).toEqual([
    "2: follows",
    "10: role not seen",
    "16: leads",
    "30: role not seen",
    "32: follows",
  ]);
});

test("a server that stood still has its former role again when somebody has looked", () => {
  const story = new Story().event(1, -1, "enrolled", { candidates: 2 }).joins(2, 0).fault(10, 1, 0);
  story
    .event(10, -1, "server", { server: 2, state: "paused" })
    .event(14, -1, "server", { server: 2, state: "back" });
  expect(told(story.settles(20, 1).told(), [{ failover: 0, roles: ["leader", "follower"] }])?.[1]).toEqual([
    "1: follows",
    "10: stands still",
    "14: role not seen",
    "20: follows",
  ]);
});

test("while nobody knows where a candidate is, nobody is said to be served", () => {
  const story = new Story({ candidates: 2 })
    .event(1, -1, "enrolled", { candidates: 2 })
    .joins(2, 0)
    .joins(3, 1);
  const history = story
    .suspends(10, 1)
    .connects(12, 1, 2, "unknown")
    .closes(20, 1)
    .event(30, -1, "settled", { failover: 1 });
  const roles: RolesSeen[] = [{ failover: 0, roles: ["leader", "follower"] }];
  expect(told(history.told(), roles)?.[0]).toEqual([
    "1: leads",
    "2: leads, serves 1",
    "3: leads, serves 2",
    "10: leads, serves 1",
    "12: leads",
    "20: leads, serves 1",
  ]);
  const record = serverRecord(history.told().events, roles);
  expect(record && servesWords(record, 2, 15e6)).toContain("the server of 1 candidate is not known");
});

test("a server that was killed a moment before the victim was struck is killed, whoever leads afterwards", () => {
  const story = new Story({ fault: "both" }).event(1, -1, "enrolled", { candidates: 2 }).joins(2, 0);
  story.event(10, -1, "server", { server: 1, state: "killed" }).fault(11, 1, 0, 0).settles(20, 1);
  story.event(25, -1, "server", { server: 1, state: "back" });
  const roles: RolesSeen[] = [
    { failover: 0, roles: ["leader", "follower"] },
    { failover: 1, roles: ["follower", "leader"] },
  ];
  expect(told(story.told(), roles)).toEqual([
    ["1: leads", "2: leads, serves 1", "10: killed, serves 1", "25: follows, serves 1"],
    ["1: follows", "11: role not seen", "25: leads"],
  ]);
});

test("where nobody noted roles there are no lanes, as in histories of versions that did not", () => {
  const { events } = new Story().joins(1, 0).told();
  expect(serverRecord(events, [])).toBeNull();
});

test("who serves whom is told for a server and for a candidate", () => {
  const { servers } = trialView(eventsOfTrial(ensembleHistory()));
  if (servers === null) throw new Error("the roles are known");
  expect(servesWords(servers, 1, 50e6)).toBe("serves candidates 1 and 2");
  expect(servesWords(servers, 3, 120e6)).toBe("serves nobody");
  expect(whereWords(servers, 0, 50e6)).toBe("on server 3, which leads");
  expect(whereWords(servers, 0, 120e6)).toBeNull();
  expect(whereWords(servers, 0, 160e6)).toBe("on server 2");
  expect(whereWords(servers, 0, 215e6)).toBe("on server 2, which leads");
});

test("a failover says which server was struck, and who led the servers", () => {
  const view = trialView(eventsOfTrial(ensembleHistory()));
  const [episode] = view.episodes;
  expect(episode && failoverSentence(episode, view)).toContain(
    " Server 3 was killed; server 3 led the servers before, server 2 afterwards.",
  );
});
