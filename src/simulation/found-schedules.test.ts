/** Schedules that once broke an invariant, as they were found: each must hold now. */
import { expect, test } from "vitest";
import { play } from "./play.ts";
import { parseSchedule } from "./schedule.ts";

const found = [
  {
    broke: "a server that hung up took back the reset that a frozen client still had to notice",
    schedule:
      '{"scheme":"leader","candidates":2,"replicas":3,"suspendedPolicy":"session","rejoin":false,"firstNumber":0,"steps":[' +
      '{"act":"thaw","who":5,"amount":3,"events":19,"choice":40779},{"act":"cut","who":2,"amount":5,"events":1,"choice":10846},' +
      '{"act":"freeze","who":4,"amount":4,"events":0,"choice":62605},{"act":"drop","who":4,"amount":1,"events":0,"choice":41426},' +
      '{"act":"elect-server","who":1,"amount":4,"events":0,"choice":25082}]}',
  },
  {
    broke: "two led with the last number of a counter that sticks",
    schedule:
      '{"scheme":"predecessor","candidates":2,"replicas":1,"suspendedPolicy":"session","rejoin":true,"firstNumber":2147483645,' +
      '"steps":[{"act":"leap","who":5,"amount":2,"events":13,"choice":64460},{"act":"leap","who":4,"amount":6,"events":8,"choice":4102}],"sequenceOverflow":"sticks"}',
  },
  {
    broke: "an heir waited behind one with the same, last number",
    schedule:
      '{"scheme":"heir","candidates":4,"replicas":1,"suspendedPolicy":"session","rejoin":true,"firstNumber":2147483645,' +
      '"steps":[],"sequenceOverflow":"sticks"}',
  },
  {
    broke: "a candidate waited behind one with the same, last number",
    schedule:
      '{"scheme":"predecessor","candidates":4,"replicas":1,"suspendedPolicy":"session","rejoin":true,"firstNumber":2147483645,' +
      '"steps":[],"sequenceOverflow":"sticks"}',
  },
  {
    broke:
      "a create was sent on a connection that an answer to an earlier attempt had made, and carried out late",
    schedule:
      '{"schemes":["predecessor"],"candidates":2,"replicas":3,"suspendedPolicy":"strict","rejoin":false,"firstNumber":0,"sequenceOverflow":"sticks","tickTimeMs":100,"seed":0,' +
      '"steps":[{"act":"pause-server","who":3,"amount":0,"events":0,"choice":0},{"act":"pass","who":3,"amount":0,"events":0,"choice":0},{"act":"resume-server","who":3,"amount":0,"events":1,"choice":33737},{"act":"wipe","who":0,"amount":0,"events":19,"choice":40016},{"act":"pause-server","who":3,"amount":0,"events":0,"choice":0},{"act":"pass","who":3,"amount":0,"events":1,"choice":10549},{"act":"resume-server","who":3,"amount":0,"events":0,"choice":0},{"act":"freeze","who":2,"amount":0,"events":0,"choice":0},{"act":"pass","who":2,"amount":1,"events":0,"choice":0},{"act":"thaw","who":2,"amount":0,"events":1,"choice":567},{"act":"wait","who":0,"amount":0,"events":1,"choice":29273},{"act":"pause-server","who":0,"amount":0,"events":0,"choice":0},{"act":"wait","who":0,"amount":0,"events":7,"choice":13188},{"act":"cut-link","who":0,"amount":0,"events":0,"choice":0},{"act":"pass","who":0,"amount":3,"events":1,"choice":0},{"act":"heal-link","who":0,"amount":0,"events":0,"choice":0},{"act":"cut-link","who":2,"amount":0,"events":12,"choice":2162}]}',
  },
  {
    broke:
      "the oldest never led: a server that was too busy had not answered whether its contender was there",
    schedule:
      '{"schemes":["predecessor"],"candidates":2,"replicas":1,"suspendedPolicy":"strict","rejoin":false,"firstNumber":0,"sequenceOverflow":"sticks","tickTimeMs":100,"seed":0,' +
      '"steps":[{"act":"wait","who":0,"amount":0,"events":2,"choice":22135},{"act":"throttle-server","who":0,"amount":0,"events":0,"choice":0},{"act":"wait","who":0,"amount":0,"events":4,"choice":33758},{"act":"delete","who":0,"amount":0,"events":0,"choice":0},{"act":"wait","who":0,"amount":0,"events":0,"choice":0}]}',
  },
  {
    broke:
      "a leader took its own znode for watched, though a server was too busy for the question that was to set the watch",
    schedule:
      '{"schemes":["heir","predecessor","predecessor"],"candidates":2,"replicas":1,"suspendedPolicy":"strict","rejoin":false,"firstNumber":0,"sequenceOverflow":"sticks","tickTimeMs":100,"seed":3,' +
      '"steps":[{"act":"wait","who":0,"amount":0,"events":18,"choice":9588},{"act":"end-session","who":3,"amount":0,"events":8,"choice":0},{"act":"throttle-server","who":0,"amount":1,"events":5,"choice":53281},{"act":"cut-link","who":0,"amount":0,"events":0,"choice":0},{"act":"pass","who":0,"amount":0,"events":0,"choice":0},{"act":"heal-link","who":0,"amount":0,"events":0,"choice":0}]}',
  },
  {
    broke: "a sync that took no time counted as one that was sent after its own answer",
    schedule:
      '{"schemes":["predecessor","predecessor"],"candidates":3,"replicas":3,"suspendedPolicy":"strict","rejoin":false,"firstNumber":2146483646,"sequenceOverflow":"sticks","tickTimeMs":200,"seed":0,"steps":[{"act":"freeze","who":0,"amount":0,"events":2,"choice":0},{"act":"wait","who":0,"amount":0,"events":18,"choice":56833},{"act":"freeze","who":7,"amount":0,"events":0,"choice":0},{"act":"pass","who":7,"amount":0,"events":4,"choice":15745},{"act":"thaw","who":7,"amount":0,"events":10,"choice":35171},{"act":"leap","who":0,"amount":0,"events":21,"choice":57125},{"act":"cut-link","who":4,"amount":0,"events":0,"choice":0},{"act":"pass","who":4,"amount":7,"events":2,"choice":0},{"act":"heal-link","who":4,"amount":0,"events":0,"choice":0},{"act":"wait","who":0,"amount":0,"events":0,"choice":0}]}',
  },
  {
    broke:
      "one that had joined by number believed itself far from its turn before it had found anybody there",
    schedule:
      '{"schemes":["predecessor"],"candidates":4,"replicas":1,"suspendedPolicy":"session","rejoin":false,"wills":false,"firstNumber":2146483646,"sequenceOverflow":"wraps","tickTimeMs":100,"near":16,"seed":223,"steps":[' +
      '{"act":"freeze","who":1,"amount":6,"events":2,"choice":24838},{"act":"pass","who":1,"amount":2,"events":2,"choice":49788},{"act":"thaw","who":1,"amount":1,"events":3,"choice":27186},{"act":"pause-server","who":1,"amount":0,"events":1,"choice":55849},{"act":"pass","who":1,"amount":1,"events":0,"choice":65527},{"act":"resume-server","who":1,"amount":4,"events":2,"choice":8608},{"act":"freeze","who":6,"amount":6,"events":3,"choice":59797},{"act":"pass","who":6,"amount":4,"events":4,"choice":6},{"act":"thaw","who":6,"amount":7,"events":7,"choice":11059},{"act":"delete","who":1,"amount":7,"events":21,"choice":49702},{"act":"pause-server","who":1,"amount":1,"events":1,"choice":15},{"act":"pass","who":1,"amount":3,"events":1,"choice":2363},{"act":"resume-server","who":1,"amount":1,"events":4,"choice":3474},{"act":"pass","who":7,"amount":0,"events":6,"choice":59336}],"joins":["by-number"]}',
  },
] as const;

test.each(found)("$broke", async ({ schedule }) => {
  const { violation } = await play(parseSchedule(schedule));
  expect(violation?.message).toBeUndefined();
});
