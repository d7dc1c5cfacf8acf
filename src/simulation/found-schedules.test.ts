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
] as const;

test.each(found)("$broke", async ({ schedule }) => {
  const { violation } = await play(parseSchedule(schedule));
  expect(violation?.message).toBeUndefined();
});
