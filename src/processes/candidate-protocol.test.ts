import { expect, test } from "vitest";
import { parseSaying } from "./candidate-protocol.ts";

test.each([
  ['{"type":"joined"}', { type: "joined" }],
  ['{"type":"joined","znode":null,"more":1}', { type: "joined", znode: null, more: 1 }],
  ['{"type":"leading","token":7,"at":1.5e9}', { type: "leading", token: 7, at: 1.5e9 }],
  ['{"type":"ended"}', { type: "ended" }],
  ['{"type":"error","message":"no"}', { type: "error", message: "no" }],
])("%s is of the protocol", (line, saying) => {
  expect(parseSaying(line)).toEqual(saying);
});

test.each([
  ["hello", /^it printed "hello", which is not JSON \(/],
  ["7", /^it printed "7", which is not an object with a "type"$/],
  ["null", /which is not an object with a "type"$/],
  ['{"kind":"joined"}', /which is not an object with a "type"$/],
  ['{"type":"joining"}', /^it said "joining", which is none of joined, leading, ended, error$/],
  ['{"type":"toString"}', /^it said "toString", which is none of /],
  ['{"type":"leading","at":"now"}', /in which at is not a number$/],
  ['{"type":"error"}', /in which message is not a string$/],
  [`{"type":"${"x".repeat(200)}"}`, /^it said "x{100}…", which is none of /],
])("%s is refused in words", (line, words) => {
  expect(() => parseSaying(line)).toThrow(words);
});
