/**
 * How lapsed leases, lost connections and second terms affect the checkers: all of it happens to correct
 * candidates, and none of it may be taken for a fault of theirs, or hide one.
 */
import { describe, expect, test } from "vitest";
import { COORDINATOR } from "../history/event.ts";
import { Story } from "../testing/story.ts";
import { checkerNames, judge } from "./checkers.ts";

const clean = { znodes: 0, watches: 0, files: 0, processes: 0 };

/** The verdicts of all checkers that are not valid. */
function complaints(story: Story): readonly string[] {
  const verdicts = judge(story.told(clean));
  return checkerNames.flatMap((name) => {
    const verdict = verdicts[name];
    if (verdict.valid === true) return [];
    const said = verdict.valid === false ? verdict.evidence.map(({ message }) => message) : [verdict.reason];
    return said.map((text) => `${name} ${verdict.valid}: ${text}`);
  });
}

/**
 * Heirs: a waiting candidate is told when the one before it dies, and when that one leads. Candidate 0 leads.
 */
const heirs = () => {
  const story = new Story({ scheme: "heir", fault: "freeze", announcements: 1, failovers: 2 });
  story.joins(0, 0).claims(1, 0).announces(1.5, 0);
  for (const candidate of [1, 2, 3])
    story.joins(2 * candidate, candidate).waits(2 * candidate + 1, candidate);
  return story.event(9, COORDINATOR, "enrolled", { candidates: 4 });
};

/** Its lease runs out, it looks again, and leads again with the same contender. */
const lapses = (story: Story, ms: number, leader: number, againMs: number) =>
  story.leases(ms, leader, ms).ends(ms, leader, "lapsed").looks(ms, leader, "lapsed").claims(againMs, leader);

const loses = (story: Story, ms: number, leader: number) =>
  story
    .suspends(ms, leader)
    .leases(ms, leader, ms + 500)
    .ends(ms, leader, "suspended");

/** The sessions of candidates that have joined once are numbered in the order of joining. */
const returns = (story: Story, ms: number, candidate: number) =>
  story.connects(ms, candidate, candidate + 1).looks(ms, candidate, "reconnected");

/** Candidate 1 succeeds candidate 0, which stands still, at 1001 ms. */
const succeeds = (story = heirs()) =>
  story.fault(10, 1, 0, 0).wakes(1000, 1).claims(1001, 1).announces(1002, 1, 2).waits(1003, 2);

/** The frozen one learns of its end, and returns behind all others. */
const wakesUp = (story: Story) => {
  story.leases(1500, 0, 600).thaws(1500, 0, "lapsed").suspends(1501, 0).leases(1501, 0, 600);
  return story.ends(1501, 0, "suspended").expires(1502, 0).joins(1510, 0, 4).waits(1511, 0);
};

test("nothing of the kind: all is valid", () => {
  expect(complaints(wakesUp(succeeds().settles(1010, 1)))).toEqual([]);
});

describe("the new leader's lease runs out, and it claims and announces itself again", () => {
  const again = () => lapses(succeeds(), 1023, 1, 1340);

  test("is what a lapse leads to: the one behind it is told twice", () => {
    expect(complaints(wakesUp(again().announces(1341, 1, 2).waits(1342, 2).settles(1350, 1)))).toEqual([]);
  });

  test("or once, where both announcements were there before it looked", () => {
    const story = heirs().fault(10, 1, 0, 0).wakes(1000, 1).claims(1001, 1);
    const late = lapses(story, 1002, 1, 1003).announces(1004, 1, 2).waits(1005, 2).settles(1010, 1);
    expect(complaints(wakesUp(late))).toEqual([]);
  });

  test("hides no herd of those who wait for a contender's end", () => {
    const story = again().announces(1341, 1, 2).wakes(1000.5, 3).settles(1350, 1);
    expect(complaints(wakesUp(story))).toEqual(["watchBound false: failover 1: 2 notifications, expected 1"]);
  });

  test("hides nobody who is told of an announcement and should not be", () => {
    const story = again().announces(1341, 1, 2, 3).settles(1350, 1);
    expect(complaints(wakesUp(story))).toEqual([
      "watchBound false: failover 1: 2 notifications of an announcement, expected 1",
    ]);
  });

  test("explains one more telling for one more claim, and no third", () => {
    const story = again().announces(1341, 1, 2, 2).settles(1350, 1);
    expect(complaints(wakesUp(story))).toEqual([
      "watchBound false: failover 1: 2 notifications of an announcement, expected 1",
    ]);
  });

  test("makes up for no watch that was lost", () => {
    const deaf = heirs().fault(10, 1, 0, 0).wakes(1000, 1).claims(1001, 1).announces(1002, 1);
    const story = lapses(deaf, 1023, 1, 1340).announces(1341, 1).settles(1350, 1);
    expect(complaints(wakesUp(story))).toEqual([
      "watchBound false: failover 1: 0 notifications of an announcement, expected 1",
    ]);
  });
});

describe("a connection is lost in the window", () => {
  test("the new leader's: it leads again with the same contender, and announces itself again", () => {
    const story = returns(loses(succeeds(), 1020, 1), 1040, 1)
      .claims(1041, 1)
      .announces(1042, 1, 2);
    expect(complaints(wakesUp(story.waits(1043, 2).settles(1050, 1)))).toEqual([]);
  });

  test("a waiting one's: what it is told again over the new one is no herd, and only that", () => {
    const cut = () => returns(succeeds().suspends(1004, 2), 1005, 2);
    expect(complaints(wakesUp(cut().announces(1006, 1, 2).settles(1010, 1)))).toEqual([]);
    expect(complaints(wakesUp(cut().announces(1006, 1, 2, 2).settles(1010, 1)))).toHaveLength(1);
    expect(complaints(wakesUp(cut().wakes(1006, 3).settles(1010, 1)))).toEqual([
      "watchBound false: failover 1: 2 notifications, expected 1",
    ]);
  });

  test("who saw for itself when it was back need not have been told: nobody can say that its watch was lost", () => {
    const story = returns(heirs().fault(10, 1, 0, 0).suspends(990, 1), 1010, 1).claims(1011, 1);
    expect(complaints(wakesUp(story.announces(1012, 1, 2).waits(1013, 2).settles(1020, 1)))).toEqual([
      "watchBound unknown: failover 1: 0 notifications, expected 1; cut-off candidates that may have missed them: 1",
    ]);
  });

  test("one that was cut off explains one that was not told, and no second", () => {
    const story = new Story({ scheme: "leader", notifications: 3 }).joins(0, 0).claims(1, 0);
    for (const candidate of [1, 2, 3]) story.joins(2, candidate).waits(3, candidate);
    story.fault(10, 1, 0).wakes(11, 1).looks(12, 1).claims(13, 1).suspends(11, 2);
    expect(complaints(returns(story, 14, 2).settles(15, 1).expires(16, 0).ends(16, 0, "expired"))).toEqual([
      "watchBound false: failover 1: 1 notifications, expected 3",
    ]);
  });
});

describe("the victim leads once more with its contender before its session ends", () => {
  /** It stands still for so short a time that it is back before the ensemble gives it up. */
  const twice = () => {
    const story = heirs().fault(10, 1, 0, 0).leases(600, 0, 500).thaws(600, 0, "lapsed");
    return lapses(story, 601, 0, 603).announces(604, 0, 1).waits(605, 1);
  };

  test("that was right as long as its session lived", () => {
    const story = twice()
      .wakes(1600, 1)
      .claims(1601, 1)
      .announces(1602, 1, 2)
      .waits(1603, 2)
      .settles(1610, 1);
    story.suspends(1650, 0).leases(1650, 0, 1500).ends(1650, 0, "suspended").expires(1651, 0);
    expect(complaints(story)).toEqual([]);
  });

  test("and wrong beside a successor", () => {
    const story = heirs().fault(10, 1, 0, 0).wakes(1000, 1).claims(1001, 1).announces(1002, 1, 2);
    lapses(story.settles(1010, 1).thaws(1500, 0, "lapsed"), 1501, 0, 1503);
    expect(complaints(story.suspends(1600, 0).ends(1600, 0, "suspended").expires(1601, 0))).toContain(
      "singleLeader false: candidate 0 claimed with czxid 100 after candidate 1 with 101",
    );
  });

  test("a list that it gets when its lease has run out proves nothing of a session that had expired", () => {
    const story = succeeds().settles(1010, 1).leases(1100, 0, 600).thaws(1100, 0, "lapsed");
    story.ends(1101, 0, "lapsed").looks(1102, 0, "lapsed").suspends(1103, 0).expires(1104, 0);
    expect(complaints(story)).toEqual([
      "singleLeader unknown: candidate 1 claimed while candidate 0 led, and the history does not show whether its " +
        "session was still alive",
    ]);
  });
});

describe("a lease runs out between two failovers", () => {
  const second = () => wakesUp(succeeds().settles(1010, 1));
  const ends = (story: Story) =>
    story
      .wakes(3000, 2)
      .claims(3001, 2)
      .announces(3002, 2, 3)
      .waits(3003, 3)
      .settles(3010, 2)
      .expires(3500, 1)
      .ends(3500, 1, "expired");

  test("and what the announcement after it tells arrives only after the next fault", () => {
    const story = lapses(second(), 1990, 1, 1999).fault(2000, 2, 1, 1).announces(2001, 1, 2);
    expect(complaints(ends(story))).toEqual([]);
  });

  test("but an unexplained repetition is one too many", () => {
    const story = second().fault(2000, 2, 1, 1).announces(2001, 1, 2);
    expect(complaints(ends(story))).toEqual([
      "watchBound false: failover 2: 2 notifications of an announcement, expected 1",
    ]);
  });
});

describe("schemes that watch the child list, and a fault that unseats nobody", () => {
  /** Candidate 2 dies; 1 and 3 are told, and so is the leader if a look has set its watch again. */
  const children = (trouble: (story: Story) => Story = (story) => story) => {
    const story = new Story({
      ...{ scheme: "children", fault: "follower", leader: "same", notifications: 2 },
    });
    story.joins(0, 0).claims(1, 0);
    for (const candidate of [1, 2, 3]) story.joins(2, candidate).wakesByList(2, 0).waits(3, candidate);
    return trouble(story).fault(10, 1, 2).expires(11, 2).wakesByList(12, 1).wakesByList(12, 3);
  };
  const settles = (story: Story) => story.looks(13, 1).waits(13, 1).looks(13, 3).waits(13, 3).settles(20, 1);

  test("nothing of the kind: all is valid", () => {
    expect(complaints(settles(children()))).toEqual([]);
  });

  test("a leader whose first lease ran out has looked again: it is told of the next change", () => {
    const story = children((one) => lapses(one, 5, 0, 6)).wakesByList(12, 0);
    expect(complaints(settles(story))).toEqual([]);
  });

  test("and of that one only", () => {
    const story = children((one) => lapses(one, 5, 0, 6).wakesByList(7, 0)).wakesByList(12, 0);
    expect(complaints(settles(story))).toEqual(["watchBound false: failover 1: 3 notifications, expected 2"]);
  });

  test("a leader that has not looked again is told of nothing", () => {
    expect(complaints(settles(children().wakesByList(12, 0)))).toEqual([
      "watchBound false: failover 1: 3 notifications, expected 2",
    ]);
  });

  test("a leader that leads again in the window is nobody new", () => {
    expect(complaints(settles(lapses(children(), 14, 0, 15)))).toEqual([]);
    expect(complaints(settles(returns(loses(children(), 14, 0), 15, 0).claims(16, 0)))).toEqual([]);
  });

  test("another contender's end in the window tells those once more who wait, and no oftener", () => {
    const story = () => children().expires(13.5, 1).wakesByList(14, 3);
    expect(complaints(settles(story()))).toEqual([]);
    expect(complaints(settles(story().wakesByList(14.5, 3)))).toEqual([
      "watchBound false: failover 1: 3 notifications, expected 2",
    ]);
  });
});

describe("strikes of different faults in one trial", () => {
  /** The session of candidate 2, which waits, ends, and then that of candidate 0, which leads. */
  const story = () => {
    const told = new Story({ failovers: 2 }).joins(0, 0).claims(1, 0);
    for (const candidate of [1, 2, 3]) told.joins(2, candidate).waits(3, candidate);
    return told.fault(10, 1, 2, COORDINATOR, { leader: "same" }).expires(11, 2).wakes(12, 3).waits(13, 3);
  };
  const next = (told: Story) =>
    told.fault(30, 2, 0).expires(31, 0).ends(31, 0, "expired").wakes(32, 1).claims(33, 1).settles(34, 2);

  test("are each judged by what they were to lead to", () => {
    expect(complaints(next(story().settles(20, 1)))).toEqual([]);
    const nobody = story().settles(20, 1).fault(30, 2, 0).expires(31, 0).ends(31, 0, "expired");
    expect(complaints(nobody.wakes(32, 1).settles(34, 2))).toEqual([
      "liveness false: failover 2: all settled, but nobody leads",
    ]);
  });

  test("also where the first one unseats a leader that it should not", () => {
    const stolen = story().claims(14, 1).settles(20, 1).looks(21, 0);
    expect(complaints(stolen)).toContain(
      "succession false: candidate 1 claimed although the strike on candidate 2 was not to unseat the leader",
    );
  });
});

describe("a contender that a strike removed, and whose candidate joins again at once", () => {
  /** A candidate that watches the child list may be told of the new znode before its owner has the answer. */
  const removed = () => {
    const story = new Story({ scheme: "children", notifications: 2, candidates: 3 }).joins(0, 0).claims(1, 0);
    for (const candidate of [1, 2]) story.joins(2, candidate).waits(3, candidate);
    story.fault(10, 1, 0).wakesByList(12, 1).wakesByList(12, 2).ends(12, 0, "deleted");
    story.event(13, 0, "creating", {}).looks(13, 1).claims(13, 1).looks(13, 2).waits(13, 2);
    return story.wakesByList(15, 1).wakesByList(15, 2).looks(15, 2).waits(15, 2);
  };
  const returns = (story: Story) =>
    story.event(17, 0, "created", { sequence: 3, czxid: 103 }).looks(17, 0).waits(17, 0).settles(20, 1);

  test("explains another notification of each", () => {
    expect(complaints(returns(removed()))).toEqual([]);
  });

  test("and no more", () => {
    expect(complaints(returns(removed().wakesByList(16, 2)))).toEqual([
      "watchBound false: failover 1: 3 notifications, expected 2",
    ]);
  });
});

describe("the leader's session ends by itself in the window of a follower's death", () => {
  const dies = () => {
    const story = new Story({ fault: "follower", leader: "same" }).joins(0, 0).claims(1, 0);
    for (const candidate of [1, 2, 3]) story.joins(2, candidate).waits(3, candidate);
    story.fault(10, 1, 2).expires(11, 2).wakes(12, 3).looks(12, 3).waits(12, 3);
    return story.wakes(14, 1, 0).looks(14, 1).claims(15, 1).settles(20, 1);
  };

  test("then somebody new leads, and is told of it", () => {
    const story = dies().suspends(13, 0).leases(13, 0, 500).ends(13, 0, "suspended").expires(19, 0);
    expect(complaints(story)).toEqual([]);
  });

  test("not so while it lives", () => {
    const story = returns(dies().suspends(13, 0).ends(13, 0, "suspended"), 19, 0);
    expect(complaints(story)).toContain(
      "succession false: candidate 1 claimed although the strike on candidate 2 was not to unseat the leader",
    );
  });
});

describe("candidates whose sessions end, on a machine that is far too busy", () => {
  const many = (changes: ConstructorParameters<typeof Story>[0] = {}) => {
    const story = new Story({ scheme: "leader", notifications: 3, ...changes }).joins(0, 0).claims(1, 0);
    for (const candidate of [1, 2, 3]) story.joins(2, candidate).waits(3, candidate);
    return story;
  };

  test("who had lost its session before all had settled was not there to be told", () => {
    const story = many().expires(4, 3).event(5, COORDINATOR, "enrolled", { candidates: 4 }).fault(10, 1, 0);
    story.wakes(11, 1).wakes(11, 2).looks(12, 1).claims(13, 1).settles(15, 1);
    expect(complaints(story.expires(16, 0).ends(16, 0, "expired"))).toEqual([
      "watchBound unknown: failover 1: 2 notifications, expected 3; cut-off candidates that may have missed them: 1",
    ]);
  });

  test("who led once with another contender has no watch left from then", () => {
    const story = new Story({ scheme: "children", notifications: 3, failovers: 2 }).joins(0, 0);
    lapses(story.claims(1, 0), 1.5, 0, 1.7);
    for (const candidate of [1, 2, 3]) story.joins(2, candidate).waits(3, candidate);
    story.fault(10, 1, 0).expires(11, 0).ends(11, 0, "expired");
    for (const candidate of [1, 2, 3]) story.wakesByList(12, candidate);
    story
      .looks(13, 1)
      .claims(14, 1)
      .settles(15, 1)
      .joins(20, 0, 4)
      .waits(20, 0)
      .fault(30, 2, 1)
      .expires(31, 1);
    for (const candidate of [0, 2, 3]) story.wakesByList(32, candidate);
    expect(complaints(story.ends(31, 1, "expired").looks(33, 2).claims(34, 2).settles(35, 2))).toEqual([]);
  });

  test("the next leader's announcement counts for no rule where another leader than the victim had to end", () => {
    const story = many({ scheme: "heir", leader: "same", notifications: 1 }).fault(10, 1, 2);
    story.wakes(11, 3).waits(12, 3).wakes(14, 1, 0).claims(15, 1).announces(16, 1, 3).waits(17, 3);
    expect(complaints(story.expires(18, 0).ends(18, 0, "expired").settles(20, 1))).toEqual([]);
  });

  test("the bound is that of one death: where others end as well, nobody can say that it took too long", () => {
    const late = () => many().fault(10, 1, 0).expires(500, 1);
    const reason = "while the contenders of 1 others ended as well";
    expect(complaints(late().aborts(2010, 1))).toContain(
      `liveness unknown: failover 1: given up after 2000 ms, ${reason}`,
    );
    expect(complaints(late().wakes(2500, 2).claims(2501, 2).settles(2502, 1))).toContain(
      `liveness unknown: failover 1: candidate 2 led only after 2491 ms, the bound is 2000 ms, ${reason}`,
    );
  });

  test("who leaves by its own will excuses nobody", () => {
    expect(complaints(many().fault(10, 1, 0).removes(500, 1).aborts(2010, 1))).toContain(
      "liveness false: failover 1: given up after 2000 ms",
    );
  });
});

describe("a session that ends before its candidate is told of its contender", () => {
  /** Candidate 3 returns twice: of its first contender only those know that wait for it. */
  const returning = () => {
    const story = new Story({ leader: "any", notifications: 0, failovers: 1, candidates: 4 });
    for (const candidate of [0, 1, 2, 3]) story.joins(candidate, candidate);
    story.claims(5, 0).event(6, COORDINATOR, "enrolled", { candidates: 4 }).fault(10, 1, [0, 1, 2, 3]);
    for (const candidate of [0, 1, 2, 3]) story.expires(100, candidate);
    story
      .ends(100, 0, "expired")
      .joins(110, 1, 4)
      .claims(111, 1)
      .connects(112, 3)
      .event(112, 3, "creating", {});
    return story.joins(114, 2, 6).waits(115, 2);
  };

  test("explains that its contender's end is noticed", () => {
    const story = returning().expires(116, 3).wakes(117, 2, 5).waits(118, 2);
    expect(complaints(story.joins(119, 3, 7).joins(120, 0, 8).settles(130, 1))).toEqual([]);
  });

  test("and no other contender's", () => {
    const story = returning().expires(116, 3).wakes(117, 2, 5).wakes(118, 2, 9);
    expect(complaints(story.joins(119, 3, 7).joins(120, 0, 8).settles(130, 1))).toEqual([
      "watchBound false: failover 1: 2 notifications, expected 0",
    ]);
  });
});
