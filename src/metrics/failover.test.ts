import { expect, test } from "vitest";
import { Story } from "../testing/story.ts";
import { failovers } from "./failover.ts";

const three = (changes = {}) =>
  new Story(changes).joins(0, 0).claims(1, 0).joins(2, 1).waits(3, 1).joins(4, 2).waits(5, 2);

test("a resignation under the predecessor scheme", () => {
  const story = three().fault(10, 1, 0, 0).ends(10, 0, "resigned").removes(10, 0);
  story.wakes(12, 1).looks(12.5, 1).claims(14, 1).settles(15, 1);
  expect(failovers(story.told())).toEqual([
    {
      failover: 1,
      end: "settled",
      victim: 0,
      atMs: 10,
      successor: 1,
      totalMs: 4,
      detectionMs: 2,
      notificationMs: 0,
      takeoverMs: 2,
      settledMs: 4,
      returnMs: null,
      overlapMs: 0,
      unsafeMs: 0,
      staleWrites: null,
      notifications: 1,
      announcements: 0,
      leaders: 1,
      reads: 1,
      disconnects: 0,
      busyMs: null,
      pulseMs: null,
      lookMs: 0.001,
      gapMs: 3.999,
      heldMs: 0.001,
      server: null,
    },
  ]);
});

test("a herd: another one is woken first, and the last one settles after the successor leads", () => {
  const story = three().fault(10, 1, 0).wakes(12, 2).wakes(12.5, 1).looks(13, 2).looks(13, 1);
  story.claims(14, 1).looks(15, 2, "vanished").waits(17, 2).settles(20, 1);
  const [failover] = failovers(story.told());
  expect(failover).toMatchObject({ totalMs: 4, detectionMs: 2, notificationMs: 0.5, takeoverMs: 1.5 });
  expect(failover).toMatchObject({ settledMs: 7, notifications: 2, reads: 3 });
});

test("a frozen leader keeps believing beyond the window; the overlap counts from the successor's claim", () => {
  const frozen = three().fault(10, 1, 0, 0).wakes(1010, 1).looks(1011, 1).claims(1012, 1).settles(1013, 1);
  expect(failovers(frozen.told())).toMatchObject([{ totalMs: 1002, overlapMs: null }]);
  const thawed = frozen.thaws(1500, 0, "none").suspends(1501, 0).ends(1502, 0, "suspended");
  expect(failovers(thawed.told())).toMatchObject([{ totalMs: 1002, settledMs: 1002, overlapMs: 490 }]);
});

test("an announcement is neither part of the herd nor of the detection or the takeover", () => {
  const story = three().fault(10, 1, 0).announces(11, 0, 1).wakes(13, 1).looks(14, 1).claims(15, 1);
  story.announces(16, 1, 2).settles(17, 1);
  expect(failovers(story.told())).toMatchObject([
    { detectionMs: 3, takeoverMs: 2, notifications: 1, announcements: 2 },
  ]);
});

test("a victim's return is neither its successor nor part of the settling", () => {
  const story = three().fault(10, 1, 0).suspends(11, 0).ends(11, 0, "suspended").wakes(20, 1).claims(21, 1);
  story.joins(22, 0, 3).waits(23, 0).settles(24, 1).wakes(25, 2).looks(25, 2);
  expect(failovers(story.told())).toMatchObject([
    { successor: 1, settledMs: 11, overlapMs: 0, notifications: 1, reads: 0 },
  ]);
});

test("a victim that survives and leads again is not its own successor", () => {
  const story = three().fault(10, 1, 0).suspends(11, 0).ends(11, 0, "suspended").connects(12, 0, 1);
  story.looks(13, 0, "reconnected").claims(14, 0).aborts(2010, 1);
  expect(failovers(story.told())).toMatchObject([{ successor: null, totalMs: null }]);
});

test("a victim's later term is not its overlap", () => {
  const story = three().fault(10, 1, 0).ends(10, 0, "resigned").removes(10, 0).wakes(11, 1).claims(12, 1);
  story.settles(13, 1).joins(14, 0, 3).claims(50, 0).ends(60, 0, "closed");
  expect(failovers(story.told())).toMatchObject([{ overlapMs: 0 }]);
});

test("a follower's death: nobody new leads, one waits again", () => {
  const story = three({ leader: "same" }).fault(10, 1, 1).wakes(12, 2).looks(12, 2).waits(13, 2);
  expect(failovers(story.settles(14, 1).told())).toMatchObject([
    { successor: null, totalMs: null, detectionMs: null, overlapMs: null, settledMs: 3, notifications: 1 },
  ]);
});

test("the last follower's death concerns nobody", () => {
  const story = three({ leader: "same" }).fault(10, 1, 2).settles(11, 1);
  expect(failovers(story.told())).toMatchObject([{ settledMs: 0, notifications: 0, reads: 0 }]);
});

test("a successor that nobody notified has a total, and no parts", () => {
  const unwoken = three()
    .fault(10, 1, 0)
    .wakes(11, 2)
    .looks(11, 1, "reconnected")
    .claims(12, 1)
    .settles(13, 1);
  const wokenLater = three().fault(10, 1, 0).claims(12, 1).wakes(12.5, 1).settles(13, 1);
  const parts = { detectionMs: null, notificationMs: null, takeoverMs: null };
  expect(failovers(unwoken.told())).toMatchObject([{ totalMs: 2, ...parts }]);
  expect(failovers(wokenLater.told())).toMatchObject([{ totalMs: 2, ...parts }]);
});

test("a failover that was given up or interrupted has no times of its end", () => {
  const aborted = three().fault(10, 1, 0).wakes(11, 1).aborts(2010, 1).claims(2020, 1);
  expect(failovers(aborted.told())).toMatchObject([
    { end: "aborted", successor: null, totalMs: null, settledMs: null, notifications: 1 },
  ]);
  const interrupted = three().fault(10, 1, 0).wakes(11, 1).claims(12, 1);
  expect(failovers(interrupted.told())).toMatchObject([
    { end: null, successor: null, totalMs: null, settledMs: null, overlapMs: null },
  ]);
});

test("each fault has its own failover", () => {
  const story = three().fault(10, 1, 0).ends(10, 0, "resigned").wakes(11, 1).claims(12, 1).settles(13, 1);
  story.fault(20, 2, 1).ends(20, 1, "resigned").wakes(23, 2).claims(24, 2).settles(25, 2);
  expect(failovers(story.told())).toMatchObject([
    { failover: 1, victim: 0, successor: 1, totalMs: 2 },
    { failover: 2, victim: 1, successor: 2, totalMs: 4, overlapMs: 0 },
  ]);
});

test("no fault, no failover", () => {
  expect(failovers(three().told())).toEqual([]);
});

test("warm-ups are not measured", () => {
  const story = three().fault(10, 0, 0, 0).ends(10, 0, "resigned").removes(10, 0).wakes(12, 1).claims(14, 1);
  story.settles(15, 0).joins(20, 0, 3).fault(30, 1, 1).ends(30, 1, "resigned").removes(30, 1).wakes(31, 2);
  story.claims(33, 2).settles(34, 1);
  expect(failovers(story.told())).toMatchObject([{ failover: 1, victim: 1, atMs: 30, totalMs: 3 }]);
});

test("the busiest event loop and lost connections leave out the victim", () => {
  const story = three()
    .fault(10, 1, 0)
    .suspends(11, 0)
    .suspends(11, 2)
    .connects(12, 2, 3)
    .wakes(12, 1)
    .claims(14, 1);
  story.event(15, 0, "caughtUp", { busyMicros: 9000 }).event(15, 1, "caughtUp", { busyMicros: 2500 });
  story.event(15, 2, "caughtUp", { busyMicros: 1500 }).settles(16, 1);
  expect(failovers(story.told())).toMatchObject([{ disconnects: 1, busyMs: 2.5 }]);
});

test("a leader that leads again with the same contender is nobody's successor", () => {
  const story = new Story({ leader: "same" }).joins(0, 0).claims(1, 0).joins(2, 1).joins(3, 2).waits(3, 2);
  story
    .fault(10, 1, 1)
    .wakes(12, 2)
    .leases(13, 0, 12)
    .ends(13, 0, "lapsed")
    .looks(13, 0, "lapsed")
    .claims(15, 0);
  expect(failovers(story.settles(20, 1).told())).toMatchObject([
    { successor: null, totalMs: null, detectionMs: null, overlapMs: null, notifications: 1 },
  ]);
});

test("a successor's second claim changes only when all have settled", () => {
  const story = new Story().joins(0, 0).claims(1, 0).joins(2, 1).waits(3, 1).fault(10, 1, 0).wakes(12, 1);
  story.claims(13, 1).leases(14, 1, 14).ends(14, 1, "lapsed").looks(14, 1, "lapsed").claims(18, 1);
  expect(failovers(story.settles(20, 1).told())).toMatchObject([
    { successor: 1, totalMs: 3, detectionMs: 2, takeoverMs: 1, settledMs: 8, reads: 0 },
  ]);
});

test("a notification of another contender's end is no sign of this one's", () => {
  const story = new Story().joins(0, 0).claims(1, 0).joins(2, 1).waits(3, 1).joins(4, 2).waits(5, 2);
  story.fault(10, 1, 0).suspends(11, 1).wakes(20, 2, 1).looks(20, 2).waits(20, 2).expires(25, 1);
  expect(failovers(story.wakes(40, 2).claims(43, 2).settles(50, 1).told())).toMatchObject([
    { successor: 2, totalMs: 33, detectionMs: 30, notificationMs: 0, takeoverMs: 3, notifications: 2 },
  ]);
});

test("the successor's wait for the list is part of the takeover; an heir that claims at once does not wait", () => {
  const woken = () => three().fault(10, 1, 0).ends(10, 0, "resigned").removes(10, 0).wakes(12, 1);
  const recipe = woken().event(12.5, 1, "reading", { cause: "notified" });
  recipe.event(13.5, 1, "read", { contenders: 2 }).claims(14, 1).settles(15, 1);
  expect(failovers(recipe.told())).toMatchObject([{ takeoverMs: 2, lookMs: 1 }]);
  expect(failovers(woken().claims(12.25, 1).settles(15, 1).told())).toMatchObject([
    { takeoverMs: 0.25, lookMs: null },
  ]);
});

test("a return lasts from when the first victim asks for a new contender until the last one waits or leads", () => {
  const story = new Story({ leader: "any" }).joins(0, 0).claims(1, 0).joins(2, 1).waits(3, 1);
  story
    .fault(10, 1, [0, 1])
    .ends(20, 0, "expired")
    .joins(30, 1, 2)
    .joins(31, 0, 3)
    .claims(32, 1)
    .waits(34, 0);
  const [failover] = failovers(story.settles(35, 1).told());
  expect(failover).toMatchObject({ victim: 0, successor: 1, totalMs: 22 });
  expect(failover?.returnMs).toBeCloseTo(4, 1);
});
